#include "study/retarget/retarget.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "models/chips/hbm_rate.h"
#include "models/kernels/kernel_key.h"
#include "study/kernel/govern_run.h"
#include "study/kernel/kernel_study.h"
#include "study/retarget/kernel_times.h"
#include "study/retarget/straggler.h"
#include "study/run/peak.h"
#include "workloads/traces/recognise.h"

namespace reticle::study {
namespace {

using traces::Confidence;
using traces::KernelClass;
using traces::kNone;
using traces::LaunchTask;
using traces::RecognisedKernel;

bool recognised(const RecognisedKernel& kernel) {
  return kernel.confidence == Confidence::kMedium || kernel.confidence == Confidence::kHigh;
}

// What is in a recording: the same at every clock.
struct Understood {
  traces::LaunchGraph graph;
  std::vector<RecognisedKernel> kernels;  // by task
};

// SMs that transfers occupy: the grids of their kernels.
std::int64_t communication_cores(const std::vector<RecognisedKernel>& kernels) {
  std::int64_t cores = 0;
  for (const RecognisedKernel& kernel : kernels) {
    if (const auto* op = std::get_if<CollectiveOperator>(&kernel.op)) {
      cores = std::max({cores, op->moe_dispatch().sms(), op->moe_combine().sms()});
    }
  }
  return cores;
}

class Retarget {
 public:
  Retarget(const traces::Recording& recording, const Understood& understood,
           const RetargetMachine& machine, const Chip* source, const RunClocks& clocks)
      : in_(recording),
        graph_(understood.graph),
        kernels_(understood.kernels),
        simulator_(machine.simulator),
        source_(source),
        clocks_(clocks),
        times_(machine) {}

  Retargeted run() {
    mean_durations();
    wait_for_slower_ranks();
    dynamic_.resize(graph_.tasks.size());
    for (std::uint32_t i = 0; i < graph_.tasks.size(); ++i) {
      tasks_.push_back(graph_.tasks[i].device ? device_task(i) : host_task(i));
    }
    spans_ = chips::run_streams(tasks_, shared_resources());
    totals();
    steps();
    power();
    out_.notes.assign(times_.notes().begin(), times_.notes().end());
    simulated_run();
    return std::move(out_);
  }

  // What run() did, for the governor.
  RunWork work() const { return {spans_, dynamic_, makespan()}; }

 private:
  void mean_durations() {
    std::map<std::uint32_t, std::pair<std::int64_t, std::int64_t>> sums;  // by name
    for (const LaunchTask& task : graph_.tasks) {
      auto& [sum, count] = sums[in_.slices.name[task.slice]];
      sum += in_.slices.duration_ps[task.slice];
      ++count;
    }
    for (const auto& [name, sum] : sums) {
      mean_ps_[name] = sum.first / sum.second;
    }
  }

  // An exchange of counts ends when the rank with most rows for its experts has come to it: on
  // average one such wait for the expert products since the last.
  void wait_for_slower_ranks() {
    std::vector<double> rows;
    std::int64_t experts_ps = 0;
    std::int64_t exchanges = 0;
    for (const RecognisedKernel& kernel : kernels_) {
      exchanges += kernel.kernel_class == KernelClass::kSynchronise ? 1 : 0;
      const auto* op = std::get_if<Operator>(&kernel.op);
      const bool grouped = op != nullptr && op->has_grouped_gemm();
      if (grouped || (op != nullptr && kernel.what.rfind("expert", 0) == 0)) {
        experts_ps += times_.of(kernel, clocks_.of_phase.front()).alone_ps;
      }
      if (grouped) {
        rows.push_back(static_cast<double>(op->grouped_gemm().groups() * op->grouped_gemm().m()));
      }
    }
    const double share = straggler_share(rows, in_.world_size);
    wait_ps_ = exchanges == 0 ? 0
                              : std::llround(share * static_cast<double>(experts_ps) /
                                             static_cast<double>(exchanges));
  }

  // A call ends, for the replay, where it starts: what it launches may run from there on, and its
  // own duration is part of the next call's lead. A call that waits goes on at once when that ends.
  chips::StreamTask host_task(std::uint32_t i) const {
    const LaunchTask& task = graph_.tasks[i];
    chips::StreamTask out;
    out.stream = task.lane;
    for (std::uint32_t w = 0; w < task.waits; ++w) {
      out.after.push_back(graph_.waits[task.first_wait + w]);
    }
    const std::int64_t start = in_.slices.start_ps[task.slice];
    const bool after_sync = task.before != kNone && graph_.tasks[task.before].synchronises;
    const std::int64_t before = task.before == kNone ? first_start()
                                : after_sync ? in_.slices.end_ps(graph_.tasks[task.before].slice)
                                             : in_.slices.start_ps[graph_.tasks[task.before].slice];
    out.lead = task.waits > 0 ? 0 : std::max<std::int64_t>(start - before, 0);
    return out;
  }

  std::int64_t first_start() const {
    return graph_.tasks.empty() ? 0 : in_.slices.start_ps[graph_.tasks.front().slice];
  }

  chips::StreamTask device_task(std::uint32_t i) {
    const LaunchTask& task = graph_.tasks[i];
    chips::StreamTask out;
    out.stream = task.lane;
    if (task.launch != kNone) {
      out.after.push_back(task.launch);
    }
    for (std::uint32_t w = 0; w < task.waits; ++w) {
      out.after.push_back(graph_.waits[task.first_wait + w]);
    }
    out.lead = launch_ps(simulator_.software(), 1, kernels::all_cores(simulator_.chip()).matrix());
    KernelTime time = times_.of(kernels_[i], clocks_.of_task(i));
    if (!time.simulated) {
      time = scaled(i);
    }
    const bool exchange = kernels_[i].kernel_class == KernelClass::kSynchronise;
    out.alone = time.alone_ps + (exchange ? wait_ps_ : 0);
    out.bound_by = time.bound_by;
    out.cores = time.cores;
    out.demands = time.demands;
    dynamic_[i] = time.joules;
    simulated_.push_back({i, time.simulated});
    return out;
  }

  // The mean recorded time of kernels of the name, times how much slower the target is at what
  // bounds the class. (The mean: durations of single kernels are no input.)
  KernelTime scaled(std::uint32_t i) const {
    KernelTime out;
    const double recorded =
        static_cast<double>(mean_ps_.at(in_.slices.name[graph_.tasks[i].slice]));
    out.alone_ps = std::llround(recorded * slower(kernels_[i].kernel_class));
    return out;
  }

  double slower(KernelClass c) const {
    if (source_ == nullptr || is_communication(c)) {
      return 1;
    }
    const bool products = c == KernelClass::kGemm || c == KernelClass::kGroupedGemm ||
                          c == KernelClass::kAttentionForward ||
                          c == KernelClass::kAttentionBackward;
    return products
               ? peak_flops(*source_, DTYPE_BFLOAT16) /
                     peak_flops(simulator_.chip(), DTYPE_BFLOAT16)
               : chips::hbm_pin_rate(source_->hbm()) / chips::hbm_pin_rate(simulator_.chip().hbm());
  }

  void totals() {
    out_.nodes = graph_.tasks.size();
    std::map<std::string, RetargetedClass> classes;
    KernelTable table;
    std::int64_t kernel_ps = 0;
    std::map<Confidence, std::int64_t> confidence;
    std::int64_t first = 0;
    std::int64_t last = 0;
    for (const LaunchTask& task : graph_.tasks) {
      last = std::max(last, in_.slices.end_ps(task.slice));
    }
    first = first_start();
    for (const auto& [i, simulated] : simulated_) {
      const std::int64_t recorded = in_.slices.duration_ps[graph_.tasks[i].slice];
      RetargetedClass& c = classes[traces::class_name(kernels_[i].kernel_class)];
      ++c.count;
      c.recorded_ps += recorded;
      c.simulated_ps += spans_[i].end - spans_[i].start;
      c.recognised_ps += recognised(kernels_[i]) ? recorded : 0;
      c.scaled_ps += simulated ? 0 : recorded;
      c.held_by.resize(spans_[i].held_by.size());
      std::transform(c.held_by.begin(), c.held_by.end(), spans_[i].held_by.begin(),
                     c.held_by.begin(), std::plus<>());
      table.add(kernels_[i], {recorded, spans_[i].end - spans_[i].start, tasks_[i].alone});
      confidence[kernels_[i].confidence] += recorded;
      kernel_ps += recorded;
    }
    out_.kernels = table.rows();
    for (auto& [name, c] : classes) {
      c.name = name;
      out_.simulated_share += static_cast<double>(c.recorded_ps - c.scaled_ps);
      out_.classes.push_back(c);
    }
    std::stable_sort(out_.classes.begin(), out_.classes.end(),
                     [](const auto& a, const auto& b) { return a.recorded_ps > b.recorded_ps; });
    const auto whole = static_cast<double>(std::max<std::int64_t>(kernel_ps, 1));
    out_.simulated_share /= whole;
    for (const Confidence level :
         {Confidence::kHigh, Confidence::kMedium, Confidence::kLow, Confidence::kNone}) {
      out_.confidence[traces::confidence_name(level)] =
          static_cast<double>(confidence[level]) / whole;
    }
    out_.recognised_share = out_.confidence["high"] + out_.confidence["medium"];
    out_.recorded_ps = last - first;
    out_.simulated_ps = makespan();
  }

  engine::Ps makespan() const {
    engine::Ps last = 0;
    for (const chips::TaskSpan& span : spans_) {
      last = std::max(last, span.end);
    }
    return last;
  }

  void power() {
    const RunPower power = power_of(simulator_.power(), in_.world_size, clocks_, work());
    out_.power = power.state;
    out_.energy_j = power.joules;
  }

  void steps() {
    const traces::Slices& s = in_.slices;
    for (std::size_t a = 0; a < s.size(); ++a) {
      if (s.category[a] != traces::Category::kAnnotation ||
          in_.name(a).rfind("ProfilerStep", 0) != 0) {
        continue;
      }
      std::int64_t first = -1;
      std::int64_t last = 0;
      std::int64_t recorded_first = 0;
      std::int64_t recorded_last = 0;
      for (std::uint32_t i = 0; i < graph_.tasks.size(); ++i) {
        const std::uint32_t slice = graph_.tasks[i].slice;
        if (graph_.tasks[i].device || s.track[slice] != s.track[a] ||
            s.start_ps[slice] < s.start_ps[a] || s.end_ps(slice) > s.end_ps(a)) {
          continue;
        }
        recorded_first = first < 0 ? s.start_ps[slice] : recorded_first;
        first = first < 0 ? spans_[i].end : first;
        last = std::max(last, spans_[i].end);
        recorded_last = std::max(recorded_last, s.start_ps[slice]);
      }
      const std::int64_t around = s.duration_ps[a] - (recorded_last - recorded_first);
      out_.steps.push_back(
          {in_.name(a), s.duration_ps[a], last - std::max<std::int64_t>(first, 0) + around});
    }
  }

  // A call that waits began when the call before it had been made; for the replay it is only its
  // end.
  std::int64_t begin_of(std::uint32_t task) const {
    const LaunchTask& own = graph_.tasks[task];
    if (own.device || own.waits == 0 || own.before == kNone) {
      return spans_[task].start;
    }
    const std::int64_t before =
        spans_[own.before].start + in_.slices.duration_ps[graph_.tasks[own.before].slice];
    return std::min(before, spans_[task].start);
  }

  // When a task is over: a call ended for the replay where it started, so it gets its recorded
  // length back, as far as the next call on its thread leaves room.
  std::int64_t end_of(std::uint32_t task, std::int64_t next_start) const {
    const LaunchTask& it = graph_.tasks[task];
    const std::int64_t own = it.device || it.waits > 0
                                 ? spans_[task].end
                                 : spans_[task].start + in_.slices.duration_ps[it.slice];
    return std::max(begin_of(task), std::min(own, next_start));
  }

  void simulated_run() {
    traces::Recording& run = out_.simulated;
    run.source = in_.source;
    run.rank = in_.rank;
    run.world_size = in_.world_size;
    run.device = simulator_.chip().name();
    run.strings = in_.strings;
    run.processes = in_.processes;
    run.tracks = in_.tracks;
    run.details = in_.details;
    std::vector<std::uint32_t> order(graph_.tasks.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      order[i] = i;
    }
    const auto track = [this](std::uint32_t task) {
      return in_.slices.track[graph_.tasks[task].slice];
    };
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::make_pair(track(a), begin_of(a)) < std::make_pair(track(b), begin_of(b));
    });
    std::vector<std::uint32_t> slice_of(order.size());
    for (std::uint32_t at = 0; at < order.size(); ++at) {
      const bool followed = at + 1 < order.size() && track(order[at + 1]) == track(order[at]);
      slice_of[order[at]] = at;
      add_slice(run, order[at],
                end_of(order[at], followed ? begin_of(order[at + 1])
                                           : std::numeric_limits<std::int64_t>::max()));
    }
    for (std::uint32_t i = 0; i < graph_.tasks.size(); ++i) {
      if (graph_.tasks[i].launch != kNone) {
        run.flows.push_back({slice_of[graph_.tasks[i].launch], slice_of[i], 0});
      }
    }
  }

  void add_slice(traces::Recording& run, std::uint32_t task, std::int64_t end_ps) const {
    const std::uint32_t recorded = graph_.tasks[task].slice;
    run.slices.track.push_back(in_.slices.track[recorded]);
    run.slices.depth.push_back(0);
    run.slices.start_ps.push_back(begin_of(task));
    run.slices.duration_ps.push_back(end_ps - begin_of(task));
    run.slices.name.push_back(in_.slices.name[recorded]);
    run.slices.category.push_back(in_.slices.category[recorded]);
    run.slices.correlation.push_back(in_.slices.correlation[recorded]);
    run.slices.details.push_back(in_.slices.details[recorded]);
  }

  const traces::Recording& in_;
  const traces::LaunchGraph& graph_;
  const std::vector<RecognisedKernel>& kernels_;  // by task
  Simulator& simulator_;
  const Chip* source_;
  const RunClocks& clocks_;
  KernelTimes times_;
  std::map<std::uint32_t, std::int64_t> mean_ps_;  // by name
  std::int64_t wait_ps_ = 0;                       // for slower ranks, at an exchange of counts
  std::vector<chips::StreamTask> tasks_;
  std::vector<std::pair<std::uint32_t, bool>> simulated_;  // device tasks
  std::vector<chips::TaskSpan> spans_;
  std::vector<chips::Joules> dynamic_;  // by task
  Retargeted out_;
};

}  // namespace

Retargeted retarget(const traces::Recording& recording, const Model& model, const System& system,
                    std::int64_t ranks_per_package, Simulator& simulator, const Chip* source) {
  Understood understood;
  understood.graph = traces::launch_graph(recording);
  understood.kernels = traces::recognise(recording, understood.graph, model);
  const RetargetMachine machine{simulator, system, ranks_per_package,
                                communication_cores(understood.kernels),
                                source == nullptr ? 0 : kernels::all_cores(*source).matrix()};
  const power::ChipSpec& chip = simulator.power();
  const RunClocks clocks = govern_run(chip, simulator.chip().power().cap(), recording.world_size,
                                      chip.curve.clocks() - 1, [&](const RunClocks& tried) {
                                        Retarget run(recording, understood, machine, source, tried);
                                        run.run();
                                        return run.work();
                                      });
  Retargeted out = Retarget(recording, understood, machine, source, clocks).run();
  out.system = system.name();
  out.chip = simulator.chip().name();
  out.recorded_on = recording.device;
  out.ranks = recording.world_size;
  return out;
}

}  // namespace reticle::study
