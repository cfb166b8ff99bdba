#include <string>
#include <vector>

#include "sim/trace/recorder.h"
#include "study/trace/recording_files.h"
#include "study/trace/recording_words.h"

namespace reticle::study {
namespace {

using traces::Details;
using traces::Recording;

class Writer {
 public:
  Writer(const Recording& recording, const std::filesystem::path& path)
      : in_(recording),
        out_(path, {"reticle",
                    {{"source", recording.source},
                     {"base_us", std::to_string(recording.base_us)},
                     {"rank", std::to_string(recording.rank)},
                     {"world_size", std::to_string(recording.world_size)},
                     {"device", recording.device}}}) {}

  void run() {
    tracks();
    for (const Details& details : in_.details) {
      details_.push_back(launch_args(
          details, in_.strings, [this](const std::string& text) { return out_.string(text); }));
    }
    slices();
    counters();
    for (const traces::Flow& flow : in_.flows) {
      out_.flow(refs_[flow.from], refs_[flow.to], text(flow.name));
    }
    out_.finish();
  }

 private:
  trace::StringId text(std::uint32_t id) { return out_.string(in_.strings.text(id)); }

  // A process is a rank (a device) or a host; a track that holds another's overlaps lies below
  // that.
  void tracks() {
    for (const traces::Process& process : in_.processes) {
      processes_.push_back(out_.add_track(
          trace::kNoTrack, process.name,
          process.device ? rtrace::TRACK_KIND_RANK : rtrace::TRACK_KIND_HOST, process.number));
    }
    for (std::size_t i = 0; i < in_.tracks.size(); ++i) {
      const traces::Track& track = in_.tracks[i];
      const rtrace::TrackKind kind = in_.processes[track.process].device
                                         ? rtrace::TRACK_KIND_STREAM
                                         : rtrace::TRACK_KIND_THREAD;
      if (track.overlap == 0) {
        tracks_.push_back(
            out_.add_track(processes_[track.process], track.name, kind, track.number));
      } else {
        tracks_.push_back(out_.add_track(origin(i), track.name, kind, track.overlap));
      }
    }
  }

  trace::TrackId origin(std::size_t overflow) const {
    std::size_t i = 0;
    while (in_.tracks[i].process != in_.tracks[overflow].process ||
           in_.tracks[i].number != in_.tracks[overflow].number) {
      ++i;
    }
    return tracks_[i];
  }

  trace::Args args(std::size_t i) {
    trace::Args out = details_[in_.slices.details[i]];
    const std::string word = category_word(in_.slices.category[i]);
    if (!word.empty()) {
      out.push_back({out_.string("category"), out_.string(word)});
    }
    if (in_.slices.correlation[i] != 0) {
      out.push_back(
          {out_.string("correlation"), static_cast<std::int64_t>(in_.slices.correlation[i])});
    }
    return out;
  }

  // Slices are sorted outer before inner: one that has others within is begun, and ended when the
  // next lies beside it.
  void slices() {
    const traces::Slices& s = in_.slices;
    refs_.resize(s.size());
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < s.size(); ++i) {
      while (!open.empty() &&
             (s.track[open.back()] != s.track[i] || s.depth[open.back()] >= s.depth[i])) {
        end(open);
      }
      if (i + 1 < s.size() && s.track[i + 1] == s.track[i] && s.depth[i + 1] > s.depth[i]) {
        out_.begin(tracks_[s.track[i]], text(s.name[i]), s.start_ps[i]);
        open.push_back(i);
      } else {
        refs_[i] = out_.slice(tracks_[s.track[i]], text(s.name[i]), s.start_ps[i], s.duration_ps[i],
                              args(i));
      }
    }
    while (!open.empty()) {
      end(open);
    }
  }

  void end(std::vector<std::size_t>& open) {
    const std::size_t i = open.back();
    open.pop_back();
    refs_[i] = out_.end(tracks_[in_.slices.track[i]], in_.slices.end_ps(i), args(i));
  }

  void counters() {
    std::vector<trace::CounterId> ids;
    for (const traces::Counter& counter : in_.counters) {
      ids.push_back(out_.add_counter(processes_[counter.process], counter.name, ""));
    }
    for (const traces::Sample& sample : in_.samples) {
      out_.counter(ids[sample.counter], sample.time_ps, sample.value);
    }
  }

  const Recording& in_;
  trace::Recorder out_;
  std::vector<trace::TrackId> processes_;
  std::vector<trace::TrackId> tracks_;
  std::vector<trace::Args> details_;
  std::vector<trace::SliceRef> refs_;
};

}  // namespace

void write_rtrace(const Recording& recording, const std::filesystem::path& path) {
  Writer(recording, path).run();
}

}  // namespace reticle::study
