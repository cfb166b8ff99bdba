#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "sim/fabric/symmetry.h"

using namespace reticle::fabric;

namespace {

struct Matrix {
  std::vector<Resource> resources;
  std::vector<FlowClass> flows;
};

// Every pair of `ranks` over one switch; `bytes(src, dst)`.
template <class Bytes>
Matrix all_pairs(std::size_t ranks, Bytes bytes) {
  Matrix out;
  for (std::size_t port = 0; port < 2 * ranks; ++port) {
    out.resources.push_back({"port " + std::to_string(port), 100e9});
  }
  for (std::size_t src = 0; src < ranks; ++src) {
    for (std::size_t dst = 0; dst < ranks; ++dst) {
      if (src != dst) {
        out.flows.push_back({bytes(src, dst), 1, {{src, 1}, {ranks + dst, 1}}, std::nullopt});
      }
    }
  }
  return out;
}

// Max-min by definition, with none of the engine's data structures: raise all rates together by the
// largest step that no port forbids, freeze what hit a full port, again; then run to the next end.
std::vector<double> brute_force_ends(const Matrix& m) {
  std::vector<double> left;
  for (const FlowClass& flow : m.flows) {
    left.push_back(flow.bytes);
  }
  std::vector<double> end(left.size(), 0);
  double now = 0;
  for (std::size_t done = 0; done < left.size();) {
    std::vector<double> rate(left.size(), 0);
    std::vector<double> room;
    for (const Resource& resource : m.resources) {
      room.push_back(resource.capacity);
    }
    std::vector<bool> rising(left.size());
    for (std::size_t i = 0; i < left.size(); ++i) {
      rising[i] = left[i] > 0;
    }
    while (std::count(rising.begin(), rising.end(), true) > 0) {
      std::vector<int> users(m.resources.size(), 0);
      for (std::size_t i = 0; i < left.size(); ++i) {
        for (const Use& use : m.flows[i].uses) {
          users[use.resource] += rising[i] ? 1 : 0;
        }
      }
      double step = INFINITY;
      for (std::size_t r = 0; r < room.size(); ++r) {
        step = users[r] > 0 ? std::min(step, room[r] / users[r]) : step;
      }
      for (std::size_t r = 0; r < room.size(); ++r) {
        room[r] -= step * users[r];
      }
      for (std::size_t i = 0; i < left.size(); ++i) {
        rate[i] += rising[i] ? step : 0;
      }
      for (std::size_t i = 0; i < left.size(); ++i) {
        for (const Use& use : m.flows[i].uses) {
          rising[i] = rising[i] && room[use.resource] > 1e-9 * m.resources[use.resource].capacity;
        }
      }
    }
    double step = INFINITY;
    for (std::size_t i = 0; i < left.size(); ++i) {
      step = left[i] > 0 ? std::min(step, left[i] / rate[i]) : step;
    }
    now += step;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (left[i] > 0 && left[i] / rate[i] <= step * (1 + 1e-12)) {
        left[i] = 0;
        end[i] = now;
        ++done;
      } else if (left[i] > 0) {
        left[i] -= rate[i] * step;
      }
    }
  }
  return end;
}

}  // namespace

TEST_CASE("an all-to-all of equals is one flow over one kind of port") {
  const Matrix m = all_pairs(32, [](std::size_t, std::size_t) { return 1e6; });
  const Quotient q = merge_equal(m.resources, m.flows);
  CHECK(q.classes.size() == 1);
  CHECK(q.resources.size() == 1);  // both ways look alike: every flow loads one of each
  CHECK(q.classes[0].count == 32 * 31);
  CHECK(run_merged(m.resources, m.flows).finish_ps == 310'000'000);  // 31 MB / 100 GB/s
}

TEST_CASE("one different port splits what touches it and nothing else") {
  Matrix m = all_pairs(8, [](std::size_t, std::size_t) { return 1e6; });
  m.resources[3].capacity = 50e9;  // injection of rank 3
  const Quotient q = merge_equal(m.resources, m.flows);
  // Injections of rank 3 and of the others; ejections of rank 3 and of the others.
  CHECK(q.resources.size() == 4);
  // Flows from 3, to 3, and between the others.
  CHECK(q.classes.size() == 3);
}

// Random asymmetric matrices: the solver, merged and not, against the definition.
TEST_CASE("max-min equals a brute-force solver to the picosecond's rounding") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    std::mt19937_64 random(seed);
    const std::size_t ranks = 3 + seed % 6;
    Matrix m = all_pairs(ranks, [&](std::size_t, std::size_t) {
      return 1e3 * static_cast<double>(1 + random() % 1000);
    });
    for (Resource& resource : m.resources) {
      resource.capacity = 1e9 * static_cast<double>(1 + random() % 100);
    }
    const std::vector<double> expected = brute_force_ends(m);
    const Outcome plain = run_flows(m.resources, m.flows);
    const Outcome merged = run_merged(m.resources, m.flows);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto ps = static_cast<std::int64_t>(std::llround(expected[i] * 1e12));
      REQUIRE(std::abs(plain.classes[i].finish_ps - ps) <= 1);
      REQUIRE(std::abs(merged.classes[i].finish_ps - ps) <= 1);
    }
  }
}

// Few distinct sizes and rates, so that much merges: merging must not change an end.
TEST_CASE("merged runs end as unmerged ones do") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    Matrix m = all_pairs(
        12, [&](std::size_t src, std::size_t) { return 1e6 * static_cast<double>(1 + src % 2); });
    m.resources[random() % 24].capacity = 40e9;
    m.resources[random() % 24].capacity = 40e9;
    const Outcome plain = run_flows(m.resources, m.flows);
    const Outcome merged = run_merged(m.resources, m.flows);
    CHECK(merge_equal(m.resources, m.flows).classes.size() < m.flows.size() / 2);
    REQUIRE(std::abs(plain.finish_ps - merged.finish_ps) <= 1);
    for (std::size_t i = 0; i < m.flows.size(); ++i) {
      REQUIRE(std::abs(plain.classes[i].finish_ps - merged.classes[i].finish_ps) <= 1);
    }
    for (std::size_t r = 0; r < m.resources.size(); ++r) {
      REQUIRE(merged.resources[r].bytes == Approx(plain.resources[r].bytes).epsilon(1e-12));
    }
  }
}
