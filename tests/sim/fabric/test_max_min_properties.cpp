#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <random>

#include "sim/fabric/max_min.h"

using namespace reticle::fabric;

namespace {

struct Case {
  std::vector<Resource> resources;
  std::vector<FlowClass> classes;
};

// Raw engine output only: the standard distributions differ between libraries.
std::size_t below(std::mt19937_64& random, std::size_t n) { return random() % n; }

Case random_case(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Case out;
  for (std::size_t i = 0; i < 6; ++i) {
    out.resources.push_back({"r", 1e9 * static_cast<double>(1 + below(random, 100))});
  }
  for (std::size_t i = 0; i < 12; ++i) {
    FlowClass flow;
    flow.bytes = 1e5 * static_cast<double>(1 + below(random, 50));
    flow.count = static_cast<double>(1 + below(random, 4));
    const std::size_t first = below(random, 6);
    flow.uses = {{first, 1},
                 {(first + 1 + below(random, 5)) % 6, 1.0 + 0.5 * double(below(random, 3))}};
    if (below(random, 3) == 0) {
      flow.cap = 1e9 * static_cast<double>(1 + below(random, 30));
    }
    out.classes.push_back(flow);
  }
  return out;
}

std::vector<double> used(const Case& c, const std::vector<Share>& shares) {
  std::vector<double> sum(c.resources.size(), 0);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    for (const Use& use : c.classes[i].uses) {
      sum[use.resource] += shares[i].rate * c.classes[i].count * use.weight;
    }
  }
  return sum;
}

}  // namespace

TEST_CASE("no resource is ever over its capacity, and every byte is moved") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Case c = random_case(seed);
    const Outcome outcome = run_flows(c.resources, c.classes);
    std::vector<double> moved(c.classes.size(), 0);
    for (const Interval& interval : outcome.intervals) {
      const std::vector<double> load = used(c, interval.shares);
      for (std::size_t r = 0; r < load.size(); ++r) {
        REQUIRE(load[r] <= c.resources[r].capacity * (1 + 1e-9));
      }
      for (std::size_t i = 0; i < moved.size(); ++i) {
        moved[i] += interval.shares[i].rate * interval.seconds;
      }
    }
    for (std::size_t i = 0; i < moved.size(); ++i) {
      REQUIRE(moved[i] == Approx(c.classes[i].bytes).epsilon(1e-9));
      REQUIRE(outcome.classes[i].finish_ps <= outcome.finish_ps);
    }
    for (const ResourceLoad& load : outcome.resources) {
      REQUIRE(load.busy_ps <= outcome.finish_ps + 1);
    }
  }
}

// The definition of max-min: every flow is at its cap, or crosses a full resource on which no other
// flow is faster. Nothing can gain without a slower one losing.
TEST_CASE("every flow has a bottleneck where it is among the fastest") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Case c = random_case(seed);
    const std::vector<Share> shares = fair_shares(c.resources, c.classes);
    const std::vector<double> load = used(c, shares);
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (!shares[i].bound) {
        REQUIRE(shares[i].rate == Approx(*c.classes[i].cap).epsilon(1e-9));
        continue;
      }
      const std::size_t bound = *shares[i].bound;
      REQUIRE(load[bound] == Approx(c.resources[bound].capacity).epsilon(1e-9));
      for (std::size_t j = 0; j < shares.size(); ++j) {
        const auto& uses = c.classes[j].uses;
        const bool there = std::any_of(uses.begin(), uses.end(),
                                       [&](const Use& use) { return use.resource == bound; });
        REQUIRE((!there || shares[j].rate <= shares[i].rate * (1 + 1e-9)));
      }
    }
  }
}

TEST_CASE("the order of the classes does not change a bit") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Case c = random_case(seed);
    const Outcome straight = run_flows(c.resources, c.classes);
    std::vector<std::size_t> order(c.classes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::mt19937_64 random(seed + 1000);
    for (std::size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[below(random, i)]);
    }
    std::vector<FlowClass> shuffled;
    for (const std::size_t i : order) {
      shuffled.push_back(c.classes[i]);
      std::reverse(shuffled.back().uses.begin(), shuffled.back().uses.end());
    }
    const Outcome other = run_flows(c.resources, shuffled);
    REQUIRE(other.finish_ps == straight.finish_ps);
    REQUIRE(other.intervals.size() == straight.intervals.size());
    for (std::size_t k = 0; k < order.size(); ++k) {
      REQUIRE(other.classes[k].finish_ps == straight.classes[order[k]].finish_ps);
      REQUIRE(other.classes[k].bound == straight.classes[order[k]].bound);
      for (std::size_t t = 0; t < straight.intervals.size(); ++t) {
        REQUIRE(other.intervals[t].shares[k].rate == straight.intervals[t].shares[order[k]].rate);
      }
    }
    for (std::size_t r = 0; r < c.resources.size(); ++r) {
      REQUIRE(other.resources[r].bytes == straight.resources[r].bytes);
    }
  }
}

// On one resource more capacity cannot hurt anybody. (With several, a flow may lose to one that
// gains rate, so the property is stated where it holds.)
TEST_CASE("more bandwidth of one shared link is never slower for anyone") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Case c = random_case(seed);
    c.resources.resize(1);
    for (FlowClass& flow : c.classes) {
      flow.uses = {{0, 1}};
    }
    const Outcome before = run_flows(c.resources, c.classes);
    c.resources[0].capacity *= 1.25;
    const Outcome after = run_flows(c.resources, c.classes);
    for (std::size_t i = 0; i < c.classes.size(); ++i) {
      REQUIRE(after.classes[i].finish_ps <= before.classes[i].finish_ps);
    }
  }
}
