#include "models/systems/flights.h"

#include <algorithm>
#include <cmath>

#include "sim/fabric/filling.h"
#include "sim/fabric/symmetry.h"

namespace reticle::systems {
namespace {

constexpr double kPsPerSecond = 1e12;

bool meet(const std::vector<bool>& a, const std::vector<bool>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] && b[i]) {
      return true;
    }
  }
  return false;
}

}  // namespace

Flights::Flights(const fabric::Topology& every_rank, bool uneven)
    : topology_(every_rank), uneven_(uneven), bytes_(every_rank.resources().size(), 0) {}

// Ranks of the plan, and nodes if it uses a tier beyond them (whose uplinks others may share).
std::vector<bool> Flights::touched(const GroupPlan& plan) const {
  const fabric::Placement& placement = topology_.placement();
  const auto ranks = static_cast<std::size_t>(placement.ranks);
  std::vector<bool> out(ranks + static_cast<std::size_t>(placement.node(placement.ranks - 1)) + 1,
                        false);
  for (const std::int32_t rank : plan.ranks) {
    out[static_cast<std::size_t>(rank)] = true;
    if (placement.node(rank) != placement.node(plan.ranks.front())) {
      out[ranks + static_cast<std::size_t>(placement.node(rank))] = true;
      out[ranks + static_cast<std::size_t>(placement.node(plan.ranks.front()))] = true;
    }
  }
  return out;
}

void Flights::start(std::size_t id, std::shared_ptr<const GroupPlan> plan, std::int64_t now_ps) {
  Knot knot;
  knot.touched = touched(*plan);
  knot.at_ps = static_cast<double>(now_ps);
  knot.next_ps = static_cast<double>(now_ps + plan->alone.finish_ps);
  const bool pairs = uneven_ || !plan->flows.empty();
  knot.transfers.push_back({id, std::move(plan), now_ps, false, 0});
  std::vector<Knot> apart;
  bool shared = false;
  for (Knot& other : knots_) {
    if (meet(other.touched, knot.touched)) {
      join(knot, std::move(other), now_ps);
      shared = true;
    } else {
      apart.push_back(std::move(other));
    }
  }
  if (shared || pairs) {
    spread(knot, now_ps);
    share(knot);
  }
  apart.push_back(std::move(knot));
  knots_ = std::move(apart);
}

// Wire bytes of one flow of each leg.
std::vector<double> Flights::whole(const GroupPlan& plan) const {
  std::vector<double> out;
  for (const Leg& leg : plan.legs) {
    out.push_back(leg.payload / topology_.tier(leg.tier).wire_share());
  }
  return out;
}

// What is left of one flow of each leg of a transfer that has flown alone.
std::vector<double> Flights::left(const Transfer& transfer, std::int64_t now_ps) const {
  const GroupPlan& plan = *transfer.plan;
  std::vector<double> out = whole(plan);
  double seconds = static_cast<double>(now_ps - transfer.start_ps) / kPsPerSecond;
  for (const fabric::Interval& interval : plan.alone.intervals) {
    const double step = std::min(seconds, interval.seconds);
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = std::max(0.0, out[i] - interval.shares[i].rate * step);
    }
    seconds -= step;
  }
  return out;
}

// A transfer that was alone becomes its pairs.
void Flights::spread(Knot& knot, std::int64_t now_ps) const {
  for (std::size_t t = 0; t < knot.transfers.size(); ++t) {
    Transfer& transfer = knot.transfers[t];
    if (transfer.in_pairs) {
      continue;
    }
    transfer.in_pairs = true;
    for (fabric::FlowClass& wire : pair_flows(*transfer.plan, topology_, left(transfer, now_ps))) {
      if (wire.bytes > 0) {
        knot.flows.push_back({std::move(wire), t, 0});
        ++transfer.flows_left;
      }
    }
  }
}

void Flights::join(Knot& into, Knot from, std::int64_t now_ps) const {
  if (from.transfers.front().in_pairs) {
    move_to(from, static_cast<double>(now_ps));
  }
  for (std::size_t i = 0; i < into.touched.size(); ++i) {
    into.touched[i] = into.touched[i] || from.touched[i];
  }
  for (Flow& flow : from.flows) {
    flow.transfer += into.transfers.size();
    into.flows.push_back(std::move(flow));
  }
  for (Transfer& transfer : from.transfers) {
    into.transfers.push_back(std::move(transfer));
  }
}

void Flights::move_to(Knot& knot, double now_ps) const {
  const double seconds = std::max(0.0, now_ps - knot.at_ps) / kPsPerSecond;
  // Ends that differ by rounding alone are one (sim/fabric/filling.h).
  const double tied = seconds + now_ps / kPsPerSecond * fabric::kTie;
  for (Flow& flow : knot.flows) {
    if (flow.wire.bytes <= flow.rate * tied) {
      flow.wire.bytes = 0;
      --knot.transfers[flow.transfer].flows_left;
    } else {
      flow.wire.bytes -= flow.rate * seconds;
    }
  }
  knot.flows.erase(std::remove_if(knot.flows.begin(), knot.flows.end(),
                                  [](const Flow& flow) { return flow.wire.bytes == 0; }),
                   knot.flows.end());
  knot.at_ps = std::max(knot.at_ps, now_ps);
}

void Flights::share(Knot& knot) const {
  std::vector<fabric::FlowClass> classes;
  for (const Flow& flow : knot.flows) {
    classes.push_back(flow.wire);
  }
  const fabric::Quotient merged = fabric::merge_equal(topology_.resources(), classes);
  const std::vector<fabric::Share> shares = fabric::fair_shares(merged.resources, merged.classes);
  double seconds = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < knot.flows.size(); ++i) {
    Flow& flow = knot.flows[i];
    flow.rate = shares[merged.flow_class[i]].rate;
    seconds = std::min(seconds, flow.wire.bytes / flow.rate);
  }
  const bool over = std::any_of(knot.transfers.begin(), knot.transfers.end(),
                                [](const Transfer& t) { return t.flows_left == 0; });
  knot.next_ps = over ? knot.at_ps : knot.at_ps + seconds * kPsPerSecond;
}

std::int64_t Flights::next_ps() const {
  std::int64_t next = kNever;
  for (const Knot& knot : knots_) {
    next = std::min(next, static_cast<std::int64_t>(std::llround(knot.next_ps)));
  }
  return next;
}

std::vector<std::size_t> Flights::advance(std::int64_t now_ps) {
  std::vector<std::size_t> done;
  for (Knot& knot : knots_) {
    while (!knot.transfers.empty() && std::llround(knot.next_ps) <= now_ps) {
      finish(knot, now_ps, done);
    }
  }
  knots_.erase(std::remove_if(knots_.begin(), knots_.end(),
                              [](const Knot& knot) { return knot.transfers.empty(); }),
               knots_.end());
  std::sort(done.begin(), done.end());
  return done;
}

// One end of a flow: the transfers that it was the last of leave the knot.
void Flights::finish(Knot& knot, std::int64_t now_ps, std::vector<std::size_t>& done) {
  const bool alone = !knot.transfers.front().in_pairs;
  if (!alone) {
    move_to(knot, knot.next_ps);
  }
  std::vector<Transfer> flying;
  std::vector<std::size_t> place(knot.transfers.size(), 0);
  for (std::size_t t = 0; t < knot.transfers.size(); ++t) {
    Transfer& transfer = knot.transfers[t];
    if (alone || transfer.flows_left == 0) {
      count_bytes(*transfer.plan);
      done.push_back(transfer.id);
    } else {
      place[t] = flying.size();
      flying.push_back(std::move(transfer));
    }
  }
  knot.transfers = std::move(flying);
  for (Flow& flow : knot.flows) {
    flow.transfer = place[flow.transfer];
  }
  if (!knot.transfers.empty()) {
    share(knot);
  } else {
    knot.next_ps = static_cast<double>(now_ps);
  }
}

// All of a transfer's bytes, when it has ended. Ranks that are alike send and receive the same.
void Flights::count_bytes(const GroupPlan& plan) {
  const auto add = [&](const fabric::FlowClass& flow) {
    for (const fabric::Use& use : flow.uses) {
      bytes_[use.resource] += flow.bytes * flow.count * use.weight;
    }
  };
  for (const fabric::FlowClass& flow : plan.flows) {
    add(flow);
  }
  if (uneven_ && plan.flows.empty()) {
    for (const fabric::FlowClass& flow : pair_flows(plan, topology_, whole(plan))) {
      add(flow);
    }
    return;
  }
  for (const Leg& leg : plan.legs) {
    for (const std::int32_t rank : plan.ranks) {
      add(topology_.flow_on(leg.tier, rank, rank, leg.payload, leg.peers, fabric::Access::kWrite));
    }
  }
}

}  // namespace reticle::systems
