#include "workloads/traces/perfetto_reader.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/stubs/logging.h>

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "schema/errors.h"
#include "schema/perfetto.pb.h"
#include "workloads/traces/recording_builder.h"

namespace reticle::traces {
namespace {

constexpr std::uint32_t kPacketTag = (1 << 3) | 2;  // Trace.packet
// Real packets take kilobytes. A message in memory is up to 32 times its bytes.
constexpr std::uint32_t kLongestPacket = 2 * 1024 * 1024;
constexpr std::uint32_t kForgetInterned = 1;  // of sequence_flags
constexpr std::int64_t kNsPerUs = 1000;
constexpr std::int32_t kPsPerNs = 1000;
constexpr int kDeepestTrack = 64;
constexpr int kPacketsPerReport = 4096;

class PacketReader {
 public:
  explicit PacketReader(Recording& out) : out_(out), builder_(out) {}

  void add(const perfetto::TracePacket& packet) {
    Sequence& sequence = sequences_[packet.sequence()];
    if ((packet.sequence_flags() & kForgetInterned) != 0) {
      sequence = Sequence{};
    }
    for (const perfetto::InternedText& text : packet.interned_data().event_names()) {
      sequence.names[text.iid()] = text.name();
    }
    for (const perfetto::InternedText& text : packet.interned_data().event_categories()) {
      sequence.categories[text.iid()] = text.name();
    }
    if (packet.defaults().track_event_defaults().has_track_uuid()) {
      sequence.track = packet.defaults().track_event_defaults().track_uuid();
    }
    if (packet.has_track_descriptor()) {
      describe(packet.track_descriptor());
    }
    if (packet.has_track_event()) {
      event(packet, sequence);
    }
    if (!packet.compressed_packets().empty()) {
      ++out_.oddities.unknown_phases;
    }
  }

  void finish() { builder_.finish(); }

 private:
  struct Sequence {
    std::unordered_map<std::uint64_t, std::string> names;
    std::unordered_map<std::uint64_t, std::string> categories;
    std::uint64_t track = 0;
  };
  struct Track {
    std::string pid;
    std::string name;
    std::uint64_t parent = 0;
  };

  // A track below one of a process is of that process; a root without one is its own.
  std::string pid_of(std::uint64_t uuid) const {
    for (int depth = 0; depth < kDeepestTrack; ++depth) {
      const auto track = tracks_.find(uuid);
      if (track == tracks_.end()) {
        break;
      }
      if (!track->second.pid.empty()) {
        return track->second.pid;
      }
      if (track->second.parent == 0) {
        break;
      }
      uuid = track->second.parent;
    }
    return "track " + std::to_string(uuid);
  }

  void describe(const perfetto::TrackDescriptor& descriptor) {
    Track& track = tracks_[descriptor.uuid()];
    track.parent = descriptor.parent_uuid();
    track.name = descriptor.name();
    if (descriptor.has_thread()) {
      track.pid = std::to_string(descriptor.thread().pid());
      track.name = descriptor.thread().thread_name().empty() ? track.name
                                                             : descriptor.thread().thread_name();
    }
    if (descriptor.has_process()) {
      track.pid = std::to_string(descriptor.process().pid());
      const std::string& name = descriptor.process().process_name();
      named("process_name", descriptor.uuid(), name.empty() ? track.name : name);
    } else if (!descriptor.has_counter() && !track.name.empty()) {
      named("thread_name", descriptor.uuid(), track.name);
    }
  }

  void named(const char* what, std::uint64_t track, const std::string& name) {
    TraceEvent event = at(track);
    event.phase = 'M';
    event.name = out_.strings.id(what);
    event.text = name;
    builder_.add(event);
  }

  TraceEvent at(std::uint64_t track) const {
    TraceEvent event;
    event.pid = pid_of(track);
    event.tid = std::to_string(track);
    return event;
  }

  void event(const perfetto::TracePacket& packet, const Sequence& sequence) {
    const perfetto::TrackEvent& in = packet.track_event();
    const std::uint64_t track = in.has_track_uuid() ? in.track_uuid() : sequence.track;
    TraceEvent event = at(track);
    const auto ns = static_cast<std::int64_t>(packet.timestamp());
    if (ns >= 0) {
      event.start = EventTime{ns / kNsPerUs, static_cast<std::int32_t>(ns % kNsPerUs) * kPsPerNs};
    }
    if (in.type() == perfetto::EVENT_TYPE_COUNTER) {
      return counter(in, track, std::move(event));
    }
    event.phase = in.type() == perfetto::EVENT_TYPE_SLICE_BEGIN ? 'B'
                  : in.type() == perfetto::EVENT_TYPE_SLICE_END ? 'E'
                  : in.type() == perfetto::EVENT_TYPE_INSTANT   ? 'i'
                                                                : '?';
    event.name = out_.strings.id(text(in.name(), in.name_iid(), sequence.names));
    event.category = in.categories_size() > 0 ? in.categories(0)
                     : in.category_iids_size() > 0
                         ? text("", in.category_iids(0), sequence.categories)
                         : "";
    for (const perfetto::DebugAnnotation& note : in.debug_annotations()) {
      annotate(note, event);
    }
    builder_.add(event);
    for (const std::uint64_t id : in.flow_ids()) {
      flow(id, event);
    }
    for (const std::uint64_t id : in.terminating_flow_ids()) {
      flow(id, event);
    }
  }

  static std::string text(const std::string& own, std::uint64_t id,
                          const std::unordered_map<std::uint64_t, std::string>& interned) {
    const auto known = interned.find(id);
    return own.empty() && known != interned.end() ? known->second : own;
  }

  // Of all annotations a recording keeps these.
  static void annotate(const perfetto::DebugAnnotation& note, TraceEvent& event) {
    const std::uint64_t value =
        note.value_case() == perfetto::DebugAnnotation::kIntValue
            ? static_cast<std::uint64_t>(std::max<std::int64_t>(note.int_value(), 0))
            : note.uint_value();
    if (note.name() == "correlation") {
      event.correlation = value;
    } else if (note.name() == "bytes") {
      event.details.bytes = value;
      event.has_details = true;
    }
  }

  void counter(const perfetto::TrackEvent& in, std::uint64_t track, TraceEvent event) {
    event.phase = 'C';
    event.name = out_.strings.id(tracks_[track].name);
    const double value = in.has_double_counter_value() ? in.double_counter_value()
                                                       : static_cast<double>(in.counter_value());
    event.values.emplace_back("value", value);
    builder_.add(event);
  }

  // The first event of an id is where it starts.
  void flow(std::uint64_t id, const TraceEvent& of) {
    TraceEvent event = of;
    event.phase = flows_.insert(id).second ? 's' : 'f';
    event.id = std::to_string(id);
    event.name = 0;
    builder_.add(event);
  }

  Recording& out_;
  RecordingBuilder builder_;
  std::map<std::uint32_t, Sequence> sequences_;
  std::map<std::uint64_t, Track> tracks_;
  std::set<std::uint64_t> flows_;
};

}  // namespace

Recording read_perfetto(const std::filesystem::path& path,
                        const std::function<bool(double)>& progress) {
  std::ifstream in(path, std::ios::binary);
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored) || !in) {
    throw UsageError(path.string() + ": no such file");
  }
  const double bytes = static_cast<double>(std::filesystem::file_size(path, ignored));
  const google::protobuf::LogSilencer quiet;  // what is wrong is in the error, not on stderr
  google::protobuf::io::IstreamInputStream stream(&in);
  Recording out;
  out.source = "perfetto";
  PacketReader reader(out);
  std::int64_t at = 0;
  for (int packets = 1; out.truncated.empty(); ++packets) {
    google::protobuf::io::CodedInputStream coded(&stream);
    const std::uint32_t tag = coded.ReadTag();
    std::uint32_t length = 0;
    std::string packet;
    if (tag == 0 && coded.ConsumedEntireMessage()) {
      break;
    }
    perfetto::TracePacket message;
    if (tag != kPacketTag || !coded.ReadVarint32(&length) || length > kLongestPacket ||
        !coded.ReadString(&packet, static_cast<int>(length)) || !message.ParseFromString(packet)) {
      if (at == 0) {
        throw InputError(path.string() + ": byte 0: no packet of a Perfetto trace");
      }
      out.truncated = "byte " + std::to_string(at) + ": no whole packet; what comes before is read";
    } else {
      reader.add(message);
      at += coded.CurrentPosition();
      if (progress && packets % kPacketsPerReport == 0 &&
          !progress(static_cast<double>(at) / bytes)) {
        out.truncated = "byte " + std::to_string(at) + ": reading was cancelled";
      }
    }
  }
  reader.finish();
  if (out.slices.size() == 0 && out.samples.empty()) {
    throw InputError(path.string() +
                     ": no track event in it (of Perfetto's packets Reticle reads those)");
  }
  return out;
}

}  // namespace reticle::traces
