#include "study/trace/profile_info.h"

#include <algorithm>
#include <array>
#include <map>

#include "study/trace/recorded_replay.h"
#include "workloads/traces/launch_graph.h"

namespace reticle::study {
namespace {

using traces::Category;
using traces::KernelClass;
using traces::kNone;
using traces::on_device;

struct Interval {
  std::int64_t start = 0;
  std::int64_t end = 0;
};

// Sorted and without overlap.
std::vector<Interval> merged(std::vector<Interval> all) {
  std::sort(all.begin(), all.end(),
            [](const Interval& a, const Interval& b) { return a.start < b.start; });
  std::vector<Interval> out;
  for (const Interval& one : all) {
    if (!out.empty() && one.start <= out.back().end) {
      out.back().end = std::max(out.back().end, one.end);
    } else {
      out.push_back(one);
    }
  }
  return out;
}

std::int64_t length(const std::vector<Interval>& all) {
  std::int64_t sum = 0;
  for (const Interval& one : all) {
    sum += one.end - one.start;
  }
  return sum;
}

std::int64_t common(const std::vector<Interval>& a, const std::vector<Interval>& b) {
  std::int64_t sum = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    sum +=
        std::max<std::int64_t>(std::min(a[i].end, b[j].end) - std::max(a[i].start, b[j].start), 0);
    a[i].end < b[j].end ? ++i : ++j;
  }
  return sum;
}

double median(std::vector<std::int64_t>& sorted) {
  const std::size_t n = sorted.size();
  return n == 0
             ? 0
             : (static_cast<double>(sorted[(n - 1) / 2]) + static_cast<double>(sorted[n / 2])) / 2;
}

class Analysis {
 public:
  Analysis(const traces::Recording& recording, ProfileInfo& out)
      : in_(recording), graph_(traces::launch_graph(recording)), out_(out) {
    std::vector<std::uint8_t> known(in_.strings.size(), 0xff);
    classes_.resize(in_.slices.size(), KernelClass::kOther);
    for (std::size_t i = 0; i < in_.slices.size(); ++i) {
      const Category category = in_.slices.category[i];
      if (!on_device(category)) {
        continue;
      }
      std::uint8_t& name = known[in_.slices.name[i]];
      if (category != Category::kKernel || name == 0xff) {
        classes_[i] = traces::kernel_class(in_.name(i), category);
        name = category == Category::kKernel ? static_cast<std::uint8_t>(classes_[i]) : name;
      } else {
        classes_[i] = static_cast<KernelClass>(name);
      }
    }
  }

  void run() {
    span_and_classes();
    overlap();
    streams();
    critical();
    for (std::size_t i = 0; i < in_.slices.size(); ++i) {
      if (in_.slices.category[i] == Category::kAnnotation &&
          in_.name(i).rfind("ProfilerStep", 0) == 0) {
        out_.steps.push_back({in_.name(i), in_.slices.start_ps[i], in_.slices.duration_ps[i]});
      }
    }
    out_.event_waits = graph_.event_waits;
    out_.event_edges = graph_.event_edges;
  }

 private:
  template <class Visit>
  void each_device_slice(const Visit& visit) const {
    for (std::size_t i = 0; i < in_.slices.size(); ++i) {
      if (on_device(in_.slices.category[i])) {
        visit(i);
      }
    }
  }

  void span_and_classes() {
    std::array<std::vector<std::int64_t>, traces::kKernelClasses> durations;
    bool any = false;
    each_device_slice([&](std::size_t i) {
      const std::int64_t start = in_.slices.start_ps[i];
      out_.first_ps = any ? std::min(out_.first_ps, start) : start;
      out_.last_ps = std::max(out_.last_ps, in_.slices.end_ps(i));
      any = true;
      ++out_.kernels;
      out_.kernel_ps += in_.slices.duration_ps[i];
      durations[static_cast<std::size_t>(classes_[i])].push_back(in_.slices.duration_ps[i]);
    });
    for (std::size_t c = 0; c < durations.size(); ++c) {
      if (!durations[c].empty()) {
        out_.classes.push_back(class_of(static_cast<KernelClass>(c), durations[c]));
      }
    }
    std::stable_sort(out_.classes.begin(), out_.classes.end(),
                     [](const auto& a, const auto& b) { return a.total_ps > b.total_ps; });
  }

  ProfileClass class_of(KernelClass kernel_class, std::vector<std::int64_t>& durations) const {
    std::sort(durations.begin(), durations.end());
    ProfileClass out;
    out.kernel_class = kernel_class;
    out.count = durations.size();
    for (const std::int64_t duration : durations) {
      out.total_ps += duration;
    }
    out.share = out_.kernel_ps > 0
                    ? static_cast<double>(out.total_ps) / static_cast<double>(out_.kernel_ps)
                    : 0;
    out.median_ps = median(durations);
    out.p95_ps = durations[(durations.size() * 95 + 99) / 100 - 1];
    return out;
  }

  void overlap() {
    std::vector<Interval> compute;
    std::vector<Interval> comm;
    each_device_slice([&](std::size_t i) {
      (traces::is_communication(classes_[i]) ? comm : compute)
          .push_back({in_.slices.start_ps[i], in_.slices.end_ps(i)});
    });
    compute = merged(std::move(compute));
    comm = merged(std::move(comm));
    out_.compute_ps = length(compute);
    out_.comm_ps = length(comm);
    out_.overlap_ps = common(compute, comm);
    out_.idle_ps = out_.last_ps - out_.first_ps - (out_.compute_ps + out_.exposed_comm_ps());
  }

  void streams() {
    std::vector<ProfileStream> all(graph_.lanes.size());
    std::vector<std::vector<std::int64_t>> gaps(graph_.lanes.size());
    for (std::uint32_t i = 0; i < graph_.tasks.size(); ++i) {
      const traces::LaunchTask& task = graph_.tasks[i];
      if (!task.device) {
        continue;
      }
      ProfileStream& stream = all[task.lane];
      ++stream.kernels;
      stream.busy_ps += in_.slices.duration_ps[task.slice];
      if (task.before == kNone) {
        continue;
      }
      const std::int64_t free = in_.slices.end_ps(graph_.tasks[task.before].slice);
      const std::int64_t gap = in_.slices.start_ps[task.slice] - free;
      const std::int64_t launched =
          task.launch == kNone ? free : in_.slices.start_ps[graph_.tasks[task.launch].slice];
      if (launched <= free) {
        gaps[task.lane].push_back(std::max<std::int64_t>(gap, 0));
      } else {
        stream.late_launch_ps += std::max<std::int64_t>(gap, 0);
      }
    }
    for (std::size_t lane = 0; lane < all.size(); ++lane) {
      if (all[lane].kernels == 0) {
        continue;
      }
      all[lane].name = in_.tracks[graph_.lanes[lane]].name;
      all[lane].idle_ps = out_.last_ps - out_.first_ps - all[lane].busy_ps;
      all[lane].gaps = gaps[lane].size();
      std::sort(gaps[lane].begin(), gaps[lane].end());
      all[lane].median_gap_ps = median(gaps[lane]);
      out_.streams.push_back(all[lane]);
    }
    std::stable_sort(out_.streams.begin(), out_.streams.end(),
                     [](const auto& a, const auto& b) { return a.busy_ps > b.busy_ps; });
  }

  // From the last end back through what each task waited for; time between two tasks of the path
  // is the host's, or the launch's.
  void critical() {
    const RecordedReplay replay = replay_recorded(in_, graph_);
    std::map<std::string, std::int64_t> shares;
    std::int64_t at = kFirst;
    for (const std::uint32_t task : critical_path(replay.times)) {
      const TaskTime& time = replay.times[task];
      at = at == kFirst ? time.start_ps : at;
      shares["host and launch"] += std::max<std::int64_t>(time.start_ps - at, 0);
      const bool device = graph_.tasks[task].device;
      const std::int64_t own = time.end_ps - std::max(at, time.start_ps);
      shares[device ? traces::class_name(classes_[graph_.tasks[task].slice]) : "host and launch"] +=
          std::max<std::int64_t>(own, 0);
      at = std::max(at, time.end_ps);
    }
    for (const auto& [name, ps] : shares) {
      out_.critical_path.emplace_back(name, ps);
      out_.critical_path_ps += ps;
    }
    std::stable_sort(out_.critical_path.begin(), out_.critical_path.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
  }

  static constexpr std::int64_t kFirst = -1;

  const traces::Recording& in_;
  traces::LaunchGraph graph_;
  std::vector<KernelClass> classes_;  // by slice
  ProfileInfo& out_;
};

}  // namespace

ProfileInfo profile_info(const traces::Recording& recording, const std::string& file) {
  ProfileInfo out;
  out.file = file;
  out.source = recording.source;
  out.truncated = recording.truncated;
  out.device = recording.device;
  out.rank = recording.rank;
  out.world_size = recording.world_size;
  out.slices = recording.slices.size();
  out.flows = recording.flows.size();
  out.samples = recording.samples.size();
  out.oddities = recording.oddities;
  Analysis(recording, out).run();
  return out;
}

std::vector<std::pair<const char*, std::uint64_t>> listed(const traces::Oddities& o) {
  return {{"missing_ends", o.missing_ends},          {"unmatched_ends", o.unmatched_ends},
          {"unknown_phases", o.unknown_phases},      {"bad_times", o.bad_times},
          {"out_of_order", o.out_of_order},          {"overlaps", o.overlaps},
          {"unbound_flows", o.unbound_flows},        {"instants", o.instants},
          {"same_time_samples", o.same_time_samples}};
}

}  // namespace reticle::study
