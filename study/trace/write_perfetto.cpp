#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <string>
#include <vector>

#include "schema/perfetto.pb.h"
#include "sim/trace/output_file.h"
#include "study/trace/recording_files.h"
#include "study/trace/recording_words.h"

namespace reticle::study {
namespace {

using traces::Recording;

constexpr std::int64_t kPsPerNs = 1000;
constexpr std::uint32_t kSequence = 1;

class Writer {
 public:
  Writer(const Recording& recording, const std::filesystem::path& path)
      : in_(recording), file_(path), flows_(recording.slices.size()) {}

  void run() {
    for (std::uint64_t id = 0; id < in_.flows.size(); ++id) {
      flows_[in_.flows[id].from].push_back(id + 1);
      flows_[in_.flows[id].to].push_back(id + 1);
    }
    tracks();
    slices();
    for (const traces::Sample& sample : in_.samples) {
      perfetto::TracePacket packet =
          event(sample.time_ps, counter_uuid(sample.counter), perfetto::EVENT_TYPE_COUNTER);
      packet.mutable_track_event()->set_double_counter_value(sample.value);
      write(packet);
    }
    file_.commit();
  }

 private:
  std::uint64_t process_uuid(std::uint32_t process) const { return process + 1; }
  std::uint64_t track_uuid(std::uint32_t track) const { return in_.processes.size() + track + 1; }
  std::uint64_t counter_uuid(std::uint32_t counter) const {
    return in_.processes.size() + in_.tracks.size() + counter + 1;
  }

  void write(perfetto::TracePacket& packet) {
    packet.set_sequence(kSequence);
    perfetto::Trace trace;  // concatenated traces are one trace
    trace.add_packet()->Swap(&packet);
    bytes_.clear();
    {
      google::protobuf::io::StringOutputStream stream(&bytes_);
      google::protobuf::io::CodedOutputStream coded(&stream);
      coded.SetSerializationDeterministic(true);
      trace.SerializeToCodedStream(&coded);
    }
    file_.write(bytes_);
  }

  static perfetto::TracePacket event(std::int64_t time_ps, std::uint64_t track,
                                     perfetto::EventType type) {
    perfetto::TracePacket packet;
    packet.set_timestamp(static_cast<std::uint64_t>(time_ps / kPsPerNs));
    packet.mutable_track_event()->set_type(type);
    packet.mutable_track_event()->set_track_uuid(track);
    return packet;
  }

  void describe(std::uint64_t uuid, std::uint64_t parent, const std::string& name, bool counter) {
    perfetto::TracePacket packet;
    perfetto::TrackDescriptor& track = *packet.mutable_track_descriptor();
    track.set_uuid(uuid);
    track.set_parent_uuid(parent);
    track.set_name(name);
    if (counter) {
      track.mutable_counter();
    }
    write(packet);
  }

  // Processes get numbers of their own: in Perfetto a number is one process.
  void tracks() {
    for (std::uint32_t i = 0; i < in_.processes.size(); ++i) {
      perfetto::TracePacket packet;
      perfetto::TrackDescriptor& track = *packet.mutable_track_descriptor();
      track.set_uuid(process_uuid(i));
      track.mutable_process()->set_pid(static_cast<std::int32_t>(i + 1));
      track.mutable_process()->set_process_name(in_.processes[i].name);
      write(packet);
    }
    for (std::uint32_t i = 0; i < in_.tracks.size(); ++i) {
      describe(track_uuid(i), process_uuid(in_.tracks[i].process), in_.tracks[i].name, false);
    }
    for (std::uint32_t i = 0; i < in_.counters.size(); ++i) {
      describe(counter_uuid(i), process_uuid(in_.counters[i].process), in_.counters[i].name, true);
    }
  }

  // Slices are sorted outer before inner: each ends when the next lies beside it.
  void slices() {
    const traces::Slices& s = in_.slices;
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < s.size(); ++i) {
      while (!open.empty() &&
             (s.track[open.back()] != s.track[i] || s.depth[open.back()] >= s.depth[i])) {
        end(open);
      }
      begin(i);
      open.push_back(i);
    }
    while (!open.empty()) {
      end(open);
    }
  }

  void begin(std::size_t i) {
    const traces::Slices& s = in_.slices;
    perfetto::TracePacket packet =
        event(s.start_ps[i], track_uuid(s.track[i]), perfetto::EVENT_TYPE_SLICE_BEGIN);
    perfetto::TrackEvent& out = *packet.mutable_track_event();
    out.set_name(in_.name(i));
    const std::string word = category_word(s.category[i]);
    if (!word.empty()) {
      out.add_categories(word);
    }
    for (const std::uint64_t flow : flows_[i]) {
      out.add_flow_ids(flow);
    }
    annotate(out, "correlation", s.correlation[i]);
    annotate(out, "bytes", in_.details[s.details[i]].bytes);
    write(packet);
  }

  static void annotate(perfetto::TrackEvent& out, const char* name, std::uint64_t value) {
    if (value != 0) {
      perfetto::DebugAnnotation& note = *out.add_debug_annotations();
      note.set_name(name);
      note.set_uint_value(value);
    }
  }

  void end(std::vector<std::size_t>& open) {
    const std::size_t i = open.back();
    open.pop_back();
    perfetto::TracePacket packet = event(in_.slices.end_ps(i), track_uuid(in_.slices.track[i]),
                                         perfetto::EVENT_TYPE_SLICE_END);
    write(packet);
  }

  const Recording& in_;
  trace::OutputFile file_;
  std::vector<std::vector<std::uint64_t>> flows_;  // by slice
  std::string bytes_;
};

}  // namespace

void write_perfetto(const Recording& recording, const std::filesystem::path& path) {
  Writer(recording, path).run();
}

}  // namespace reticle::study
