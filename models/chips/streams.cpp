#include "models/chips/streams.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "sim/fabric/max_min.h"

namespace reticle::chips {

namespace {

using engine::Ps;

constexpr double kDone = 1e-3;  // ps that count as none: rounding of rates (1/3 is not a double)

constexpr double kFullSpeed = 1 - 1e-9;

enum class Phase { kLead, kBody };

struct Running {
  std::size_t task;
  Phase phase;
  double left;  // ps of uncontended work
};

class Scheduler {
 public:
  Scheduler(const std::vector<StreamTask>& tasks, const std::vector<Resource>& resources)
      : tasks_(tasks), kinds_(resources), spans_(tasks.size()), done_(tasks.size(), false) {
    std::size_t streams = 0;
    for (const StreamTask& task : tasks) {
      streams = std::max(streams, task.stream + 1);
    }
    queues_.resize(streams);
    next_.assign(streams, 0);
    busy_.assign(streams, false);
    last_.assign(streams, -1);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      queues_[tasks[i].stream].push_back(i);
      spans_[i].held_by.assign(Resource_ARRAYSIZE, 0);
    }
    for (std::size_t i = 0; i < resources.size(); ++i) {
      shared_.push_back({Resource_Name(resources[i]), 1});
    }
  }

  std::vector<TaskSpan> run() {
    issue();
    while (!running_.empty()) {
      advance();
      issue();
    }
    const auto stuck = std::find(done_.begin(), done_.end(), false);
    if (stuck != done_.end()) {
      throw std::logic_error("streams are stuck: task " + std::to_string(stuck - done_.begin()) +
                             " waits for one that waits for it");
    }
    return std::move(spans_);
  }

 private:
  void issue() {
    for (std::size_t s = 0; s < queues_.size(); ++s) {
      if (busy_[s] || next_[s] == queues_[s].size()) {
        continue;
      }
      const std::size_t task = queues_[s][next_[s]];
      if (!std::all_of(tasks_[task].after.begin(), tasks_[task].after.end(),
                       [this](std::size_t before) { return done_[before]; })) {
        continue;
      }
      ++next_[s];
      busy_[s] = true;
      spans_[task].issue = now_;
      spans_[task].waited_for = latest(task, s);
      running_.push_back({task, Phase::kLead, static_cast<double>(tasks_[task].lead)});
    }
  }

  // The dependency or stream predecessor that ended last.
  std::ptrdiff_t latest(std::size_t task, std::size_t stream) const {
    std::ptrdiff_t latest = last_[stream];
    for (const std::size_t before : tasks_[task].after) {
      if (latest < 0 || spans_[before].end > spans_[static_cast<std::size_t>(latest)].end) {
        latest = static_cast<std::ptrdiff_t>(before);
      }
    }
    return latest;
  }

  // Rates of what runs, to the next completion.
  void advance() {
    const std::vector<fabric::Share> shares = rates();
    double step = -1;
    for (std::size_t i = 0; i < running_.size(); ++i) {
      const double left = running_[i].left / shares[i].rate;
      step = step < 0 ? left : std::min(step, left);
    }
    const Ps duration = static_cast<Ps>(std::ceil(step - kDone));
    now_ += duration;
    for (std::size_t i = 0; i < running_.size(); ++i) {
      Running& one = running_[i];
      one.left -= static_cast<double>(duration) * shares[i].rate;
      hold(one, shares[i], duration);
    }
    finish();
  }

  std::vector<fabric::Share> rates() const {
    std::vector<fabric::FlowClass> flows;
    for (const Running& one : running_) {
      fabric::FlowClass flow;
      flow.bytes = 1;  // any amount: only the rate is asked for
      flow.cap = 1;
      if (one.phase == Phase::kBody) {
        for (const Demand& demand : tasks_[one.task].demands) {
          if (demand.share > 0) {
            flow.uses.push_back({demand.resource, demand.share});
          }
        }
      }
      flows.push_back(flow);
    }
    return fabric::fair_shares(shared_, flows);
  }

  void hold(const Running& one, const fabric::Share& share, Ps duration) {
    Resource by = tasks_[one.task].bound_by;
    if (one.phase == Phase::kLead) {
      by = RESOURCE_LAUNCH;
    } else if (share.bound && share.rate < kFullSpeed &&
               kinds_[*share.bound] != RESOURCE_UNSPECIFIED) {
      by = kinds_[*share.bound];
    }
    spans_[one.task].held_by[static_cast<std::size_t>(by)] += duration;
  }

  void finish() {
    std::vector<Running> still;
    for (Running& one : running_) {
      if (one.left > kDone) {
        still.push_back(one);
      } else if (one.phase == Phase::kLead) {
        spans_[one.task].start = now_;
        still.push_back({one.task, Phase::kBody, static_cast<double>(tasks_[one.task].alone)});
      } else {
        end(one.task);
      }
    }
    running_ = std::move(still);
  }

  void end(std::size_t task) {
    spans_[task].end = now_;
    done_[task] = true;
    busy_[tasks_[task].stream] = false;
    last_[tasks_[task].stream] = static_cast<std::ptrdiff_t>(task);
  }

  const std::vector<StreamTask>& tasks_;
  const std::vector<Resource>& kinds_;
  std::vector<fabric::Resource> shared_;
  std::vector<TaskSpan> spans_;
  std::vector<bool> done_;
  std::vector<std::vector<std::size_t>> queues_;
  std::vector<std::size_t> next_;
  std::vector<bool> busy_;
  std::vector<std::ptrdiff_t> last_;
  std::vector<Running> running_;
  Ps now_ = 0;
};

}  // namespace

std::vector<TaskSpan> run_streams(const std::vector<StreamTask>& tasks,
                                  const std::vector<Resource>& resources) {
  return Scheduler(tasks, resources).run();
}

std::vector<std::size_t> critical_path(const std::vector<TaskSpan>& spans) {
  std::vector<std::size_t> path;
  if (spans.empty()) {
    return path;
  }
  const auto last =
      std::max_element(spans.begin(), spans.end(),
                       [](const TaskSpan& a, const TaskSpan& b) { return a.end < b.end; });
  for (std::ptrdiff_t task = last - spans.begin(); task >= 0;
       task = spans[static_cast<std::size_t>(task)].waited_for) {
    path.push_back(static_cast<std::size_t>(task));
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace reticle::chips
