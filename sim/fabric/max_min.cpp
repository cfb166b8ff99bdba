#include "sim/fabric/max_min.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <tuple>

#include "sim/fabric/picoseconds.h"

namespace reticle::fabric {
namespace {

// Levels and completions closer than this are the same one, so that rounding does not split ties.
constexpr double kTie = 1e-12;
constexpr double kNever = std::numeric_limits<double>::infinity();

bool use_less(const Use& a, const Use& b) {
  return std::tie(a.resource, a.weight) < std::tie(b.resource, b.weight);
}

bool class_less(const FlowClass& a, const FlowClass& b) {
  const double cap_a = a.cap.value_or(kNever);
  const double cap_b = b.cap.value_or(kNever);
  const auto head_a = std::tie(a.bytes, a.count, cap_a);
  const auto head_b = std::tie(b.bytes, b.count, cap_b);
  if (head_a != head_b) {
    return head_a < head_b;
  }
  return std::lexicographical_compare(a.uses.begin(), a.uses.end(), b.uses.begin(), b.uses.end(),
                                      use_less);
}

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

// The classes in an order that depends on their content alone: sums then have equal bits however
// the caller ordered them. Equal classes are interchangeable.
struct Canonical {
  explicit Canonical(const std::vector<FlowClass>& given) : from(given.size()), classes(given) {
    for (FlowClass& flow : classes) {
      std::sort(flow.uses.begin(), flow.uses.end(), use_less);
    }
    std::iota(from.begin(), from.end(), std::size_t{0});
    std::stable_sort(from.begin(), from.end(), [this](std::size_t a, std::size_t b) {
      return class_less(classes[a], classes[b]);
    });
    std::vector<FlowClass> sorted;
    sorted.reserve(from.size());
    for (const std::size_t i : from) {
      sorted.push_back(classes[i]);
    }
    classes = std::move(sorted);
  }

  // Puts per-class values back into the caller's order.
  template <class Value>
  std::vector<Value> restore(const std::vector<Value>& sorted) const {
    std::vector<Value> out(sorted.size());
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      out[from[i]] = sorted[i];
    }
    return out;
  }

  std::vector<std::size_t> from;  // canonical place -> caller's place
  std::vector<FlowClass> classes;
};

// One filling: raises the common level of the rising classes step by step until none rises.
class Filling {
 public:
  Filling(const std::vector<Resource>& resources, const std::vector<FlowClass>& classes,
          const std::vector<bool>& active)
      : resources_(resources), classes_(classes), rising_(active), shares_(classes.size()) {}

  std::vector<Share> run() {
    while (std::find(rising_.begin(), rising_.end(), true) != rising_.end()) {
      find_levels();
      freeze(lowest_level());
    }
    return std::move(shares_);
  }

 private:
  // The level at which each resource is full if every rising class keeps rising.
  void find_levels() {
    std::vector<double> taken(resources_.size(), 0);
    std::vector<double> load(resources_.size(), 0);
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      for (const Use& use : classes_[i].uses) {
        const double weight = classes_[i].count * use.weight;
        if (rising_[i]) {
          load[use.resource] += weight;
        } else {
          taken[use.resource] += weight * shares_[i].rate;
        }
      }
    }
    levels_.assign(resources_.size(), kNever);
    for (std::size_t r = 0; r < resources_.size(); ++r) {
      if (load[r] > 0) {
        levels_[r] = std::max(0.0, resources_[r].capacity - taken[r]) / load[r];
      }
    }
  }

  double lowest_level() const {
    double lowest = kNever;
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      if (!rising_[i]) {
        continue;
      }
      lowest = std::min(lowest, classes_[i].cap.value_or(kNever));
      for (const Use& use : classes_[i].uses) {
        lowest = std::min(lowest, levels_[use.resource]);
      }
    }
    return lowest;
  }

  void freeze(double level) {
    const double tied = level + level * kTie;
    for (std::size_t i = 0; i < classes_.size(); ++i) {
      if (!rising_[i]) {
        continue;
      }
      const auto full = std::find_if(classes_[i].uses.begin(), classes_[i].uses.end(),
                                     [&](const Use& u) { return levels_[u.resource] <= tied; });
      if (full != classes_[i].uses.end()) {
        shares_[i] = {level, full->resource};
        rising_[i] = false;
      } else if (classes_[i].cap && *classes_[i].cap <= tied) {
        shares_[i] = {level, std::nullopt};
        rising_[i] = false;
      }
    }
  }

  const std::vector<Resource>& resources_;
  const std::vector<FlowClass>& classes_;
  std::vector<bool> rising_;
  std::vector<Share> shares_;
  std::vector<double> levels_;
};

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

  void run() {
    while (std::find(active_.begin(), active_.end(), true) != active_.end()) {
      Interval interval{0, Filling(resources_, classes_, active_).run()};
      interval.seconds = to_next_completion(interval.shares);
      now_ += interval.seconds;
      advance(interval);
      intervals_.push_back(std::move(interval));
    }
  }

  std::vector<ClassOutcome> ends() const { return ends_; }
  std::vector<Interval> intervals() const { return intervals_; }

 private:
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
  return canonical.restore(
      Filling(resources, canonical.classes, with_bytes(canonical.classes)).run());
}

Outcome run_flows(const std::vector<Resource>& resources, const std::vector<FlowClass>& classes) {
  check(resources, classes);
  const Canonical canonical(classes);
  Run run(resources, canonical.classes);
  run.run();
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
