#include "sim/fabric/filling.h"

#include <algorithm>
#include <limits>

namespace reticle::fabric {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

// One filling: raises the common level of the rising classes step by step until none rises.
class Filling {
 public:
  Filling(const std::vector<Resource>& resources, const std::vector<FlowClass>& classes,
          const std::vector<bool>& active)
      : resources_(resources), classes_(classes), rising_(active), shares_(classes.size()) {
    for (std::size_t i = 0; i < active.size(); ++i) {
      if (active[i]) {
        active_.push_back(i);
      }
    }
  }

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
    for (const std::size_t i : active_) {
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
    for (const std::size_t i : active_) {
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
    for (const std::size_t i : active_) {
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
  std::vector<std::size_t> active_;  // the others have no rate and load nothing
  std::vector<bool> rising_;
  std::vector<Share> shares_;
  std::vector<double> levels_;
};

}  // namespace

std::vector<Share> fill(const std::vector<Resource>& resources,
                        const std::vector<FlowClass>& classes, const std::vector<bool>& active) {
  return Filling(resources, classes, active).run();
}

}  // namespace reticle::fabric
