#include "sim/fabric/max_min.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "sim/fabric/canonical.h"
#include "sim/fabric/filling.h"
#include "sim/fabric/picoseconds.h"

namespace reticle::fabric {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kRounding = 1e-9;  // of sums of a hundred thousand rates

void require(bool condition, const char* what) {
  if (!condition) {
    throw std::logic_error(std::string("max-min sharing: ") + what);
  }
}

void check(const std::vector<Resource>& resources, const std::vector<FlowClass>& classes) {
  for (const Resource& resource : resources) {
    require(resource.capacity > 0 && std::isfinite(resource.capacity),
            "a capacity is not positive and finite");
  }
  for (const FlowClass& flow : classes) {
    require(flow.bytes >= 0 && std::isfinite(flow.bytes), "bytes are negative or not finite");
    require(flow.count >= 0 && std::isfinite(flow.count), "a count is negative or not finite");
    require(!flow.cap || (*flow.cap > 0 && std::isfinite(*flow.cap)), "a cap is not positive");
    require(flow.bytes == 0 || flow.count == 0 || flow.cap || !flow.uses.empty(),
            "nothing limits a flow");
    for (const Use& use : flow.uses) {
      require(use.resource < resources.size(), "unknown resource");
      require(use.weight > 0 && std::isfinite(use.weight), "a weight is not positive");
    }
  }
}

std::vector<bool> with_bytes(const std::vector<FlowClass>& classes) {
  std::vector<bool> active;
  active.reserve(classes.size());
  for (const FlowClass& flow : classes) {
    active.push_back(flow.bytes > 0 && flow.count > 0);
  }
  return active;
}

std::vector<ResourceLoad> loads(const std::vector<Resource>& resources,
                                const std::vector<FlowClass>& classes) {
  std::vector<ResourceLoad> out(resources.size());
  for (const FlowClass& flow : classes) {
    for (const Use& use : flow.uses) {
      out[use.resource].bytes += flow.bytes * flow.count * use.weight;
    }
  }
  for (std::size_t r = 0; r < resources.size(); ++r) {
    out[r].busy_ps = picoseconds(out[r].bytes / resources[r].capacity);
  }
  return out;
}

// Time passing: what is left of each class, from completion to completion.
class Run {
 public:
  Run(const std::vector<Resource>& resources, const std::vector<FlowClass>& classes)
      : resources_(resources),
        classes_(classes),
        active_(with_bytes(classes)),
        ends_(classes.size()) {
    for (const FlowClass& flow : classes) {
      left_.push_back(flow.bytes);
    }
  }

  void run(History history) {
    while (std::find(active_.begin(), active_.end(), true) != active_.end()) {
      Interval interval{0, fill(resources_, classes_, active_)};
      require_within_capacity(interval.shares);
      interval.seconds = to_next_completion(interval.shares);
      now_ += interval.seconds;
      advance(interval);
      if (history == History::kKeep) {
        intervals_.push_back(std::move(interval));
      }
    }
  }

  std::vector<ClassOutcome> ends() const { return ends_; }
  std::vector<Interval> intervals() const { return intervals_; }

 private:
  // Conservation, on every run: what all flows push through a resource is no more than it carries.
  void require_within_capacity(const std::vector<Share>& shares) const {
    std::vector<double> load(resources_.size(), 0);
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      for (const Use& use : classes_[i].uses) {
        load[use.resource] += active_[i] ? shares[i].rate * classes_[i].count * use.weight : 0;
      }
    }
    for (std::size_t r = 0; r < load.size(); ++r) {
      require(load[r] <= resources_[r].capacity * (1 + kRounding),
              "a resource is given more than its rate");
    }
  }

  double to_next_completion(const std::vector<Share>& shares) const {
    double seconds = kNever;
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      if (active_[i]) {
        seconds = std::min(seconds, left_[i] / shares[i].rate);
      }
    }
    return seconds;
  }

  void advance(const Interval& interval) {
    const double tied = interval.seconds + now_ * kTie;
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      if (!active_[i]) {
        continue;
      }
      const Share& share = interval.shares[i];
      if (left_[i] / share.rate <= tied) {
        active_[i] = false;
        ends_[i] = {picoseconds(now_), share.bound};
      } else {
        left_[i] -= share.rate * interval.seconds;
      }
    }
  }

  const std::vector<Resource>& resources_;
  const std::vector<FlowClass>& classes_;
  std::vector<bool> active_;
  std::vector<double> left_;
  std::vector<ClassOutcome> ends_;
  std::vector<Interval> intervals_;
  double now_ = 0;
};

}  // namespace

std::vector<Share> fair_shares(const std::vector<Resource>& resources,
                               const std::vector<FlowClass>& classes) {
  check(resources, classes);
  const Canonical canonical(classes);
  return canonical.restore(fill(resources, canonical.classes, with_bytes(canonical.classes)));
}

Outcome run_flows(const std::vector<Resource>& resources, const std::vector<FlowClass>& classes,
                  History history) {
  check(resources, classes);
  const Canonical canonical(classes);
  Run run(resources, canonical.classes);
  run.run(history);
  Outcome out;
  out.classes = canonical.restore(run.ends());
  out.resources = loads(resources, canonical.classes);
  for (const Interval& interval : run.intervals()) {
    out.intervals.push_back({interval.seconds, canonical.restore(interval.shares)});
  }
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (out.classes[i].finish_ps > out.finish_ps) {
      out.finish_ps = out.classes[i].finish_ps;
      out.last = i;
    }
  }
  return out;
}

}  // namespace reticle::fabric
