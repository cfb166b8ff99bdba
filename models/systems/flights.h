#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "models/systems/group_plan.h"
#include "sim/fabric/topology.h"

namespace reticle::systems {

// Transfers in flight on one machine, sharing its links max-min fairly, recomputed when one starts
// or a flow ends. A transfer that meets no other on its way follows its plan's time alone; those
// that meet share pair by pair (flows that cannot be told apart are merged, exactly).
class Flights {
 public:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  // `uneven`: faults make ranks differ, so that nothing may be told from one rank for all.
  Flights(const fabric::Topology& every_rank, bool uneven);

  void start(std::size_t id, std::shared_ptr<const GroupPlan> plan, std::int64_t now_ps);

  // When the next flow ends; kNever if nothing flies.
  std::int64_t next_ps() const;

  // Moves on to `now_ps` (at most next_ps()); ids of transfers whose last byte is sent by then.
  std::vector<std::size_t> advance(std::int64_t now_ps);

  // Wire bytes that crossed each resource of the topology.
  const std::vector<double>& bytes() const { return bytes_; }

 private:
  struct Transfer {
    std::size_t id = 0;
    std::shared_ptr<const GroupPlan> plan;
    std::int64_t start_ps = 0;
    bool in_pairs = false;  // it shares: its flows are the knot's
    std::size_t flows_left = 0;
  };
  struct Flow {
    fabric::FlowClass wire;  // bytes: what is left
    std::size_t transfer = 0;
    double rate = 0;
  };
  // Transfers whose ways cross, directly or over others.
  struct Knot {
    std::vector<Transfer> transfers;
    std::vector<bool> touched;  // ranks and, if it leaves nodes, nodes
    std::vector<Flow> flows;    // empty: one transfer, alone
    double at_ps = 0;           // time of `flows`
    double next_ps = 0;         // the next flow's end
  };

  std::vector<bool> touched(const GroupPlan& plan) const;
  std::vector<double> whole(const GroupPlan& plan) const;
  std::vector<double> left(const Transfer& transfer, std::int64_t now_ps) const;
  void spread(Knot& knot, std::int64_t now_ps) const;
  void join(Knot& into, Knot from, std::int64_t now_ps) const;
  void move_to(Knot& knot, double now_ps) const;
  void share(Knot& knot) const;
  void finish(Knot& knot, std::int64_t now_ps, std::vector<std::size_t>& done);
  void count_bytes(const GroupPlan& plan);

  const fabric::Topology& topology_;
  bool uneven_;
  std::vector<Knot> knots_;
  std::vector<double> bytes_;
};

}  // namespace reticle::systems
