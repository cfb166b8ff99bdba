#include "models/chips/stream_run.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace reticle::chips {

using engine::Ps;

namespace {

constexpr double kDone = 1e-3;  // ps that count as none: rounding of rates (1/3 is not a double)

constexpr double kFullSpeed = 1 - 1e-9;
constexpr double kNoCores = 1e-9;  // share of a chip: rounding

}  // namespace

StreamRun::StreamRun(std::vector<const StreamTask*> tasks, const std::vector<Resource>& resources,
                     bool history)
    : tasks_(std::move(tasks)),
      bodies_(tasks_),
      kinds_(resources),
      history_(history),
      spans_(tasks_.size()),
      done_(tasks_.size(), false),
      wanted_(resources.size()),
      queued_(resources.size(), false) {
  std::size_t streams = 0;
  for (const StreamTask* task : tasks_) {
    streams = std::max(streams, task->stream + 1);
  }
  queues_.resize(streams);
  next_task_.assign(streams, 0);
  busy_.assign(streams, false);
  last_.assign(streams, -1);
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    queues_[tasks_[i]->stream].push_back(i);
    if (history_) {
      spans_[i].held_by.assign(Resource_ARRAYSIZE, 0);
    }
  }
  for (const Resource resource : resources) {
    shared_.push_back({Resource_Name(resource), 1});
  }
  issue();
  share();
}

void StreamRun::advance(Ps to, std::vector<std::size_t>& arrived) {
  const Ps duration = to - now_;
  now_ = to;
  for (Running& one : running_) {
    one.left -= static_cast<double>(duration) * one.share.rate;
    hold(one, duration);
  }
  if (now_ == next_) {
    finish(arrived);
    issue();
    share();
  }
}

void StreamRun::release(std::size_t task, const StreamTask& body) {
  bodies_[task] = &body;
  if (history_) {
    spans_[task].held_by[RESOURCE_SYNC] += now_ - spans_[task].start;
  }
  spans_[task].start = now_;
  running_.push_back({task, Phase::kBody, static_cast<double>(body.alone), {}});
  share();
}

void StreamRun::require_done() const {
  const auto stuck = std::find(done_.begin(), done_.end(), false);
  if (stuck != done_.end()) {
    throw std::logic_error("streams are stuck: task " + std::to_string(stuck - done_.begin()) +
                           " waits for one that waits for it");
  }
}

void StreamRun::issue() {
  for (std::size_t s = 0; s < queues_.size(); ++s) {
    if (busy_[s] || next_task_[s] == queues_[s].size()) {
      continue;
    }
    const std::size_t task = queues_[s][next_task_[s]];
    if (!std::all_of(tasks_[task]->after.begin(), tasks_[task]->after.end(),
                     [this](std::size_t before) { return done_[before]; })) {
      continue;
    }
    ++next_task_[s];
    busy_[s] = true;
    spans_[task].issue = now_;
    if (history_) {
      spans_[task].waited_for = latest(task, s);
    }
    running_.push_back({task, Phase::kLead, static_cast<double>(tasks_[task]->lead), {}});
  }
}

// The dependency or stream predecessor that ended last.
std::ptrdiff_t StreamRun::latest(std::size_t task, std::size_t stream) const {
  std::ptrdiff_t latest = last_[stream];
  for (const std::size_t before : tasks_[task]->after) {
    if (latest < 0 || spans_[before].end > spans_[static_cast<std::size_t>(latest)].end) {
      latest = static_cast<std::ptrdiff_t>(before);
    }
  }
  return latest;
}

// Resources that the bodies which run queue for; the others are shared fairly.
void StreamRun::find_queues() {
  waiters_.clear();
  for (const Running& one : running_) {
    if (one.phase == Phase::kBody) {
      waiters_.push_back({&bodies_[one.task]->demands, 1});
    }
  }
  queues_of_.clear();
  for (std::size_t r = 0; r < shared_.size(); ++r) {
    queued_[r] = waiters_.size() > 1 && queued(waiters_, r);
    if (queued_[r]) {
      queues_of_.push_back(r);
    }
  }
}

// Whether the bodies that run want more of a resource that is shared fairly than there is.
bool StreamRun::crowded() {
  std::fill(wanted_.begin(), wanted_.end(), 0);
  for (const Waiter& waiter : waiters_) {
    for (const Demand& demand : *waiter.demands) {
      wanted_[demand.resource] += queued_[demand.resource] ? 0 : demand.share;
    }
  }
  return std::any_of(wanted_.begin(), wanted_.end(), [](double all) { return all > 1; });
}

// Cores to bodies in order of start; whether one got less than it wants.
bool StreamRun::give_out_cores() {
  std::vector<Running*> order;
  for (Running& one : running_) {
    one.cores = 1;
    if (one.phase == Phase::kBody && bodies_[one.task]->cores > 0) {
      order.push_back(&one);
    }
  }
  std::stable_sort(order.begin(), order.end(), [this](const Running* a, const Running* b) {
    return spans_[a->task].start < spans_[b->task].start;
  });
  double left = 1;
  bool all = true;
  for (Running* one : order) {
    const double wanted = bodies_[one->task]->cores;
    const double got = left < kNoCores ? 0 : std::min(wanted, left);
    left -= got;
    one->cores = got / wanted > kFullSpeed ? 1 : got / wanted;
    all = all && one->cores == 1;
  }
  return !all;
}

void StreamRun::share_fairly() {
  const bool short_of_cores = give_out_cores();
  if (crowded() || short_of_cores) {
    std::vector<fabric::FlowClass> flows;
    for (const Running& one : running_) {
      fabric::FlowClass flow;
      flow.bytes = one.cores > 0 ? 1 : 0;  // any amount: only the rate is asked for
      flow.cap = one.cores > 0 ? one.cores : 1;
      if (one.phase == Phase::kBody) {
        for (const Demand& demand : bodies_[one.task]->demands) {
          if (demand.share > 0 && !queued_[demand.resource]) {
            flow.uses.push_back({demand.resource, demand.share});
          }
        }
      }
      flows.push_back(std::move(flow));
    }
    const std::vector<fabric::Share> shares = fabric::fair_shares(shared_, flows);
    for (std::size_t i = 0; i < running_.size(); ++i) {
      running_[i].share = running_[i].cores > 0 ? shares[i] : fabric::Share{0, std::nullopt};
    }
  } else {
    for (Running& one : running_) {
      one.share = {1, std::nullopt};
    }
  }
}

void StreamRun::wait_in_queues() {
  std::vector<Running*> bodies;
  for (Running& one : running_) {
    if (one.phase == Phase::kBody) {
      waiters_[bodies.size()].most = one.share.rate;
      bodies.push_back(&one);
    }
  }
  for (const std::size_t resource : queues_of_) {
    const std::vector<double> speeds = speeds_in_queue(waiters_, resource);
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      if (speeds[i] < waiters_[i].most) {
        waiters_[i].most = speeds[i];
        bodies[i]->share = {speeds[i], resource};
      }
    }
  }
}

// Rates of what runs, and the next completion.
void StreamRun::share() {
  find_queues();
  share_fairly();
  wait_in_queues();
  expect();
}

void StreamRun::expect() {
  next_ = kNever;
  for (const Running& one : running_) {
    if (one.share.rate > 0) {
      const double step = std::max(0.0, std::ceil(one.left / one.share.rate - kDone));
      next_ = std::min(next_, now_ + static_cast<Ps>(step));
    }
  }
}

void StreamRun::hold(const Running& one, Ps duration) {
  if (!history_) {
    return;
  }
  Resource by = bodies_[one.task]->bound_by;
  if (one.phase == Phase::kLead) {
    by = RESOURCE_LAUNCH;
  } else if (one.cores == 0) {
    by = RESOURCE_SYNC;
  } else if (one.share.bound && one.share.rate < kFullSpeed &&
             kinds_[*one.share.bound] != RESOURCE_UNSPECIFIED) {
    by = kinds_[*one.share.bound];
  }
  spans_[one.task].held_by[static_cast<std::size_t>(by)] += duration;
}

void StreamRun::finish(std::vector<std::size_t>& arrived) {
  std::vector<Running> still;
  for (Running& one : running_) {
    if (one.left > kDone) {
      still.push_back(one);
    } else if (one.phase == Phase::kBody) {
      end(one.task);
    } else {
      spans_[one.task].start = now_;
      if (tasks_[one.task]->meets) {
        arrived.push_back(one.task);
      } else {
        still.push_back(
            {one.task, Phase::kBody, static_cast<double>(bodies_[one.task]->alone), {}});
      }
    }
  }
  running_ = std::move(still);
}

void StreamRun::end(std::size_t task) {
  spans_[task].end = now_;
  done_[task] = true;
  busy_[tasks_[task]->stream] = false;
  last_[tasks_[task]->stream] = static_cast<std::ptrdiff_t>(task);
}

}  // namespace reticle::chips
