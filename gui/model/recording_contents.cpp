#include "gui/model/recording_contents.h"

#include <map>
#include <unordered_map>

#include "gui/model/format.h"
#include "gui/model/slice_args.h"
#include "study/trace/profile_info.h"
#include "study/trace/recording_words.h"

namespace reticle::gui {
namespace {

using traces::Details;
using traces::Recording;

constexpr std::uint64_t kLargestNumber = 0xffffffff;  // that a process has itself

// Ids of a summary's texts.
class Texts {
 public:
  explicit Texts(trace::Summary& summary) : summary_(summary) {}

  std::uint32_t id(const std::string& text) {
    const auto [known, added] =
        ids_.try_emplace(text, static_cast<std::uint32_t>(summary_.strings.size()));
    if (added) {
      summary_.strings.push_back(text);
    }
    return known->second;
  }

 private:
  trace::Summary& summary_;
  std::map<std::string, std::uint32_t> ids_;
};

class Import {
 public:
  Import(const Recording& recording, const ProfileFigures& figures, std::vector<SliceKey>& keys)
      : in_(recording), figures_(figures), keys_(keys), texts_(out_.summary) {
    for (const study::KernelAmount& amount : figures.amounts) {
      amounts_[amount.slice] = &amount;
    }
  }

  Contents run() {
    properties();
    tracks();
    totals();
    out_.index = LaneIndex(out_.summary);
    out_.data = TraceData(out_.summary, out_.index);
    for (const Details& details : in_.details) {
      details_.push_back(study::launch_args(details, in_.strings, [this](const std::string& text) {
        return trace::StringId{texts_.id(text)};
      }));
    }
    slices();
    samples();
    flows();
    warnings();
    return std::move(out_);
  }

 private:
  void properties() {
    out_.summary.producer = in_.source;
    const auto add = [this](const char* key, const std::string& value) {
      if (!value.empty()) {
        out_.summary.properties.emplace_back(key, value);
      }
    };
    add("source", in_.source);
    add("device", in_.device);
    if (in_.world_size > 1) {
      add("rank", std::to_string(in_.rank) + " of " + std::to_string(in_.world_size));
    }
    for (const auto& property : figures_.properties) {
      out_.summary.properties.push_back(property);
    }
    for (std::uint32_t id = 1; id < in_.strings.size(); ++id) {
      names_.push_back(texts_.id(in_.strings.text(id)));
    }
  }

  trace::StringId name(std::uint32_t id) const { return {id == 0 ? 0 : names_[id - 1]}; }

  void tracks() {
    auto& tracks = out_.summary.tracks;
    for (const traces::Process& process : in_.processes) {
      tracks.push_back({{},
                        process_name(process),
                        process.device ? rtrace::TRACK_KIND_RANK : rtrace::TRACK_KIND_HOST,
                        process.number});
    }
    const auto processes = static_cast<std::uint32_t>(tracks.size());
    for (std::uint32_t i = 0; i < in_.tracks.size(); ++i) {
      const traces::Track& track = in_.tracks[i];
      const bool device = in_.processes[track.process].device;
      const std::uint32_t parent =
          track.overlap == 0 ? track.process + 1 : processes + origin(i) + 1;
      tracks.push_back({{parent},
                        track.name,
                        device ? rtrace::TRACK_KIND_STREAM : rtrace::TRACK_KIND_THREAD,
                        track.overlap == 0 ? track.number : track.overlap});
    }
    first_track_ = processes;
    for (const traces::Counter& counter : in_.counters) {
      out_.summary.counters.push_back({{counter.process + 1}, counter.name, ""});
    }
  }

  // Kineto calls devices as the program, which does not tell them apart.
  static std::string process_name(const traces::Process& process) {
    const std::string number = std::to_string(process.number);
    if (process.number > kLargestNumber && !process.name.empty()) {  // the reader's own number
      return process.name;
    }
    return (process.device ? "GPU " + number : "process " + number) +
           (process.name.empty() ? "" : " (" + process.name + ")");
  }

  // The track whose overlaps track `overflow` holds.
  std::uint32_t origin(std::uint32_t overflow) const {
    std::uint32_t i = 0;
    while (in_.tracks[i].process != in_.tracks[overflow].process ||
           in_.tracks[i].number != in_.tracks[overflow].number) {
      ++i;
    }
    return i;
  }

  trace::TrackId track_of(std::size_t slice) const {
    return {first_track_ + in_.slices.track[slice] + 1};
  }

  void totals() {
    trace::Totals& totals = out_.summary.totals;
    totals.tracks.resize(out_.summary.tracks.size());
    totals.counters.resize(out_.summary.counters.size());
    for (std::size_t i = 0; i < in_.slices.size(); ++i) {
      totals.add_slice(track_of(i), in_.slices.depth[i], in_.slices.start_ps[i],
                       in_.slices.duration_ps[i]);
    }
    for (const traces::Sample& sample : in_.samples) {
      totals.add_sample({sample.counter + 1}, sample.time_ps, sample.value);
    }
    totals.flows = in_.flows.size();
  }

  void slices() {
    const traces::Slices& s = in_.slices;
    const trace::StringId correlation{texts_.id("correlation")};
    const trace::StringId category{texts_.id("category")};
    keys_.resize(s.size());
    for (std::size_t i = 0; i < s.size(); ++i) {
      const std::size_t at = out_.index.lane(track_of(i), s.depth[i]);
      Lane& lane = out_.data.lanes[at];
      keys_[i] = {at, lane.size()};
      ArgColumns& args = out_.data.args[at];
      for (const trace::Arg& arg : details_[s.details[i]]) {
        append_arg(args, arg.key, lane.size(), arg.value);
      }
      const std::string word = study::category_word(s.category[i]);
      if (!word.empty()) {
        append_arg(args, category, lane.size(), trace::StringId{texts_.id(word)});
      }
      if (s.correlation[i] != 0) {
        append_arg(args, correlation, lane.size(), static_cast<std::int64_t>(s.correlation[i]));
      }
      add_amount(i, args, lane.size());
      lane.append(s.start_ps[i], s.duration_ps[i], name(s.name[i]).value);
    }
    for (Lane& lane : out_.data.lanes) {
      lane.build();
    }
  }

  void add_amount(std::size_t recorded, ArgColumns& args, std::size_t slice) {
    const auto known = amounts_.find(recorded);
    if (known == amounts_.end()) {
      return;
    }
    const auto add = [&](const char* key, double value) {
      if (value > 0) {
        append_arg(args, trace::StringId{texts_.id(key)}, slice, value);
      }
    };
    add("operations", known->second->operations);
    add("hbm_bytes", known->second->bytes);
  }

  void samples() {
    for (const traces::Sample& sample : in_.samples) {
      out_.data.series[sample.counter].append(sample.time_ps, sample.value);
    }
    const std::int64_t end_ps = whole_range(out_.summary).to_ps;
    for (Series& series : out_.data.series) {
      series.build(end_ps);
    }
  }

  trace::FlowEnd flow_end(std::uint32_t slice, bool leaves) const {
    const std::int64_t time = leaves ? in_.slices.end_ps(slice) : in_.slices.start_ps[slice];
    return {track_of(slice), in_.slices.depth[slice], keys_[slice].slice, time};
  }

  void flows() {
    for (const traces::Flow& flow : in_.flows) {
      out_.data.flows.push_back(
          {name(flow.name), flow_end(flow.from, true), flow_end(flow.to, false)});
    }
  }

  void warnings() {
    if (!in_.truncated.empty()) {
      out_.data.warnings.push_back(in_.truncated);
    }
    static const std::map<std::string, const char*> kMeanings = {
        {"missing_ends", "slices have no end; they are drawn to the end of the trace"},
        {"unmatched_ends", "ends belong to no slice; they are left out"},
        {"unknown_phases", "events are of an unknown kind; they are left out"},
        {"bad_times", "events have no usable time; they are left out"},
        {"out_of_order", "events start before the one before them in the file; they are sorted"},
        {"overlaps", "slices overlap others of their track; they are on a track of their own"},
        {"unbound_flows", "flow ends have no slice around them; they are left out"},
        {"instants", "marks have no length; they are left out"},
        {"same_time_samples", "counter samples have the time of another; the last is kept"}};
    for (const auto& [what, count] : study::listed(in_.oddities)) {
      if (count > 0) {
        out_.data.warnings.push_back(format_count(count) + " " + kMeanings.at(what));
      }
    }
  }

  const Recording& in_;
  const ProfileFigures& figures_;
  std::unordered_map<std::size_t, const study::KernelAmount*> amounts_;  // by slice
  std::vector<SliceKey>& keys_;
  Contents out_;
  Texts texts_;
  std::vector<std::uint32_t> names_;  // id in the summary, by the recording's id less 1
  std::uint32_t first_track_ = 0;
  std::vector<trace::Args> details_;
};

}  // namespace

Contents contents_of(const traces::Recording& recording, const ProfileFigures& figures,
                     std::vector<SliceKey>& keys) {
  return Import(recording, figures, keys).run();
}

}  // namespace reticle::gui
