#include "models/chips/waiting.h"

#include <algorithm>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

namespace reticle::chips {

namespace {

constexpr int kBits = 24;         // of the wait's precision
constexpr int kRounds = 3;        // in which waits and speeds settle where there is enough for all
constexpr double kFew = 1e-9;     // share of a resource that counts as none
constexpr double kShort = 65536;  // ps, where the search for a wait starts
constexpr double kLong = 1e15;    // ps, where it ends

const Demand* demand_on(const Waiter& waiter, std::size_t resource) {
  for (const Demand& demand : *waiter.demands) {
    if (demand.resource == resource && demand.share > 0) {
      return &demand;
    }
  }
  return nullptr;
}

class Queue {
 public:
  Queue(const std::vector<Waiter>& waiters, std::size_t resource) : waiters_(waiters) {
    for (const Waiter& waiter : waiters) {
      demands_.push_back(demand_on(waiter, resource));
    }
    speeds_.resize(waiters.size());
  }

  std::vector<double> speeds() {
    wait(least_wait());
    return speeds_;
  }

 private:
  // The least wait that holds all requests of others and lets no more be asked for than there is.
  double least_wait() {
    wait(0);
    return asked() <= 1 ? uncrowded() : crowded();
  }

  // The longer the wait, the less is kept waiting.
  double uncrowded() {
    double longer = kept();
    double shorter = longer;
    for (int i = 0; i < kRounds; ++i) {
      wait(longer);
      shorter = kept();
      wait(shorter);
      longer = kept();
    }
    return (longer + shorter) / 2;
  }

  double crowded() {
    const auto sign = [this](double wait_ps) {
      wait(wait_ps);
      return asked() > 1 || kept() > wait_ps ? -1.0 : 1.0;
    };
    double below = 0;
    double above = kShort;
    while (sign(above) < 0 && above < kLong) {
      below = above;
      above *= 4;
    }
    std::uintmax_t steps = 2 * kBits;
    const boost::math::tools::eps_tolerance<double> enough(kBits);
    return boost::math::tools::bisect(sign, below, above, enough, steps).second;
  }

  // Speeds if a request of a task of nothing else waited so long.
  void wait(double wait_ps) {
    double fastest = 0;
    for (std::size_t i = 0; i < waiters_.size(); ++i) {
      speeds_[i] = waiters_[i].most;
      if (demands_[i] != nullptr && !demands_[i]->stretch.empty()) {
        const double others = wait_ps - static_cast<double>(demands_[i]->backlog);
        const double alone = 1 / times_at(demands_[i]->stretch, others);
        speeds_[i] = std::min(speeds_[i], alone);
        fastest = std::max(fastest, alone);
      }
    }
    for (std::size_t i = 0; i < waiters_.size(); ++i) {
      if (demands_[i] != nullptr && demands_[i]->stretch.empty()) {
        // Who does not say is as patient as the most patient who does.
        speeds_[i] = std::min(speeds_[i], fastest);
      }
    }
  }

  double asked() const {
    double sum = 0;
    for (std::size_t i = 0; i < waiters_.size(); ++i) {
      sum += share(i);
    }
    return sum;
  }

  // What the tasks keep waiting, as the time it takes to work it off.
  double kept() const {
    const double all = asked();
    double sum = 0;
    for (std::size_t i = 0; i < waiters_.size(); ++i) {
      if (demands_[i] != nullptr) {
        const double left = std::max(kFew, 1 - (all - share(i)));
        sum += speeds_[i] * static_cast<double>(demands_[i]->backlog) / left;
      }
    }
    return sum;
  }

  double share(std::size_t i) const {
    return demands_[i] == nullptr ? 0 : demands_[i]->share * speeds_[i];
  }

  const std::vector<Waiter>& waiters_;
  std::vector<const Demand*> demands_;  // null: does not use the resource
  std::vector<double> speeds_;
};

}  // namespace

bool queued(const std::vector<Waiter>& waiters, std::size_t resource) {
  std::size_t users = 0;
  bool says = false;
  for (const Waiter& waiter : waiters) {
    const Demand* demand = demand_on(waiter, resource);
    users += demand == nullptr ? 0 : 1;
    says = says || (demand != nullptr && !demand->stretch.empty());
  }
  return says && users > 1;
}

// The mean of a broken line over an exponential distribution: each bend counts as far as waits
// reach beyond it.
double times_at(const std::vector<Stretch>& stretch, double mean_wait_ps) {
  if (mean_wait_ps <= 0 || stretch.empty()) {
    return 1;
  }
  Stretch from;
  double slope = 0;
  double mean = 1;
  const auto bend = [&](double to_slope) {
    mean += (to_slope - slope) * mean_wait_ps *
            std::exp(-static_cast<double>(from.wait) / mean_wait_ps);
    slope = to_slope;
  };
  for (const Stretch& to : stretch) {
    bend((to.times - from.times) / static_cast<double>(to.wait - from.wait));
    from = to;
  }
  bend(std::max(slope, 1 / static_cast<double>(from.wait)));
  return std::max(1.0, mean);
}

std::vector<double> speeds_in_queue(const std::vector<Waiter>& waiters, std::size_t resource) {
  return Queue(waiters, resource).speeds();
}

}  // namespace reticle::chips
