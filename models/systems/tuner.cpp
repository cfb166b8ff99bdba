#include "models/systems/tuner.h"

#include <algorithm>

namespace reticle::systems {
namespace {

constexpr double kFirstCorrected = 64;  // B, NCCL's table starts there

std::int64_t levels_below(std::int64_t nodes) {
  std::int64_t levels = 0;
  while ((std::int64_t{2} << levels) <= nodes) {
    ++levels;
  }
  return levels;
}

class Guess {
 public:
  Guess(const Tuner& tuner, const TunerWay& way, CommType comm, const Members& members)
      : tuner_(tuner),
        way_(way),
        members_(members),
        all_reduce_(comm == CommType::kAllReduce),
        local_(members.ranks / members.nodes),
        algorithm_(way.name().substr(0, way.name().find('/'))) {}

  double seconds(double bytes) const {
    return latency() + bytes / (bandwidth() * corrected(bytes));
  }

 private:
  double rounds() const { return all_reduce_ ? 2 : 1; }
  double ring_steps() const { return rounds() * static_cast<double>(members_.ranks - 1); }

  // Rings of two nodes still count with the nodes' own rate; over more, and with the switches, the
  // NICs count; a tree's inner nodes serve two children.
  double rate() const {
    const double network = tuner_.network_rate() * static_cast<double>(local_);
    if (algorithm_ == "in_switch_tree") {
      return std::min(tuner_.rate(), members_.nodes > 2 ? network / 2 : network);
    }
    return members_.nodes > 2 ? std::min(tuner_.rate(), network) : tuner_.rate();
  }

  double most() const {
    const bool two = members_.nodes == 2 && way_.has_most_2_nodes();
    const bool more = members_.nodes > 2 && way_.has_most_nodes();
    if (two || more) {
      return two ? way_.most_2_nodes() : way_.most_nodes();
    }
    return way_.has_most() ? way_.most() : rate();
  }

  double bandwidth() const {
    double bus = rate();
    if (way_.has_most_per_rank()) {
      bus = std::min(bus, way_.most_per_rank() * static_cast<double>(local_));
    }
    bus = std::min(bus * way_.share(), most());
    if (algorithm_ == "ring") {
      return bus * static_cast<double>(members_.ranks) / ring_steps();
    }
    return algorithm_ == "tree" ? bus / 2 : bus;
  }

  double latency() const {
    const auto nodes = static_cast<double>(members_.nodes);
    const auto levels = static_cast<double>(levels_below(members_.nodes));
    if (algorithm_ == "ring") {
      const double across = members_.nodes > 1 ? rounds() * (nodes - 1) : 0;
      const double step =
          members_.nodes > 1 ? std::max(way_.hop(), tuner_.network_step()) : way_.hop();
      const double sum =
          way_.start() + (ring_steps() - across) * step + across * way_.network_hop();
      return members_.nodes > 1 && all_reduce_ ? sum * way_.plateau() : sum;
    }
    if (algorithm_ == "tree") {
      return way_.start() +
             2 * (static_cast<double>(local_ - 1) * way_.hop() + levels * way_.network_hop());
    }
    return way_.start() + way_.hop() + 2 * levels * way_.network_hop();
  }

  double corrected(double bytes) const {
    int index = 0;
    for (double size = 2 * kFirstCorrected; size <= bytes; size *= 2) {
      ++index;
    }
    return index < way_.correction_size() ? way_.correction(index) : 1;
  }

  const Tuner& tuner_;
  const TunerWay& way_;
  Members members_;
  bool all_reduce_;
  std::int64_t local_;
  std::string algorithm_;
};

}  // namespace

std::optional<double> guess_seconds(const Tuner& tuner, const std::string& way, CommType comm,
                                    double bytes, const Members& members) {
  for (const TunerWay& listed : tuner.ways()) {
    if (listed.name() == way) {
      return Guess(tuner, listed, comm, members).seconds(bytes);
    }
  }
  return std::nullopt;
}

}  // namespace reticle::systems
