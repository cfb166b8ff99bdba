#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>
#include <random>

#include "models/systems/expert_load.h"
#include "models/systems/routing.h"
#include "tests/models/systems/toy_systems.h"

using namespace reticle;
using namespace reticle::systems;

namespace {

MoeTransfer grouped(std::int64_t groups, std::int64_t picked) {
  MoeTransfer op = transfer(8, 1, 8, DTYPE_BFLOAT16);
  op.set_experts(256);
  op.set_groups(groups);
  op.set_topk_groups(picked);
  return op;
}

// Of random tokens, how many need one of the first `held` experts.
double drawn(const MoeTransfer& op, std::int64_t held) {
  std::mt19937_64 random(7);
  std::vector<std::int64_t> groups(static_cast<std::size_t>(op.groups()));
  std::iota(groups.begin(), groups.end(), 0);
  const std::int64_t size = op.experts() / op.groups();
  constexpr int kTokens = 20000;
  int touched = 0;
  for (int token = 0; token < kTokens; ++token) {
    std::shuffle(groups.begin(), groups.end(), random);
    std::vector<std::int64_t> experts;
    for (std::int64_t g = 0; g < op.topk_groups(); ++g) {
      for (std::int64_t e = 0; e < size; ++e) {
        experts.push_back(groups[static_cast<std::size_t>(g)] * size + e);
      }
    }
    std::shuffle(experts.begin(), experts.end(), random);
    bool needs = false;
    for (std::int64_t k = 0; k < op.topk(); ++k) {
      needs = needs || experts[static_cast<std::size_t>(k)] < held;
    }
    touched += needs ? 1 : 0;
  }
  return static_cast<double>(touched) / kTokens;
}

}  // namespace

TEST_CASE("a token touches a rank unless all its experts are elsewhere") {
  CHECK(touch_probability(8, 1, 1) == Approx(1.0 / 8));
  CHECK(touch_probability(4, 2, 2) == Approx(1 - 2.0 / 4 * 1.0 / 3));
  CHECK(touch_probability(4, 2, 3) == 1);  // three of four experts cannot miss both
  CHECK(touch_probability(256, 256, 8) == 1);
}

TEST_CASE("group-limited routing touches as many as tokens drawn one by one do") {
  for (const std::int64_t held : {4, 32, 64, 128}) {  // a rank, a group, two, half of all
    const MoeTransfer op = grouped(8, 4);
    CHECK(touch_probability(op, static_cast<double>(held)) ==
          Approx(drawn(op, held)).margin(0.012));
  }
  // Whatever the groups, everything together is touched by all.
  CHECK(touch_probability(grouped(8, 4), 256) == Approx(1));
  CHECK(touch_probability(grouped(8, 8), 32) == touch_probability(256, 32, 8));
}

TEST_CASE("groups that do not fit the experts are refused") {
  CHECK_THROWS_WITH(touch_probability(grouped(7, 4), 32), "groups=7: do not divide experts=256");
  CHECK_THROWS_WITH(touch_probability(grouped(8, 9), 32), "topk_groups=9: more than groups=8");
  CHECK_THROWS_WITH(touch_probability(grouped(64, 1), 32),
                    "topk=8: more than the experts of topk_groups=1");
}

TEST_CASE("a rank with more of the load is needed by more tokens, and never by more than all") {
  const MoeTransfer op = grouped(8, 4);
  const Touched even = touched(op, {8, 1, 8}, std::vector<double>(8, 1.0 / 8));
  CHECK(even.ranks[3] == touch_probability(op, 32));
  CHECK(even.nodes == std::vector<double>{1});
  const Touched hot = touched(op, {8, 1, 4}, {1, 0, 0, 0, 0, 0, 0, 0});
  CHECK(hot.ranks[0] == Approx(1));
  CHECK(hot.ranks[1] == 0);
  CHECK(hot.nodes[0] == Approx(1));
  CHECK(hot.nodes[1] == 0);
}

TEST_CASE("expert loads may be listed, one number an expert") {
  MoeTransfer op = transfer(2, 128, 1, DTYPE_BFLOAT16);
  op.set_experts(4);
  op.set_load("3:0:0.5:0.5");
  CHECK(rank_shares(op, 1) == std::vector<double>{0.75, 0.25});
  op.set_topk(2);  // no expert gets a token twice: half of all rows at most
  const std::vector<double> shares = rank_shares(op, 1);
  CHECK(shares[0] == Approx(0.5));
  CHECK(shares[1] == Approx(0.5));
  op.set_load("1:2:3");
  CHECK_THROWS_WITH(rank_shares(op, 1), "load: 3 numbers for 4 experts");
  op.set_load("1:2:x:4");
  CHECK_THROWS_WITH(rank_shares(op, 1), "load: `x` is not a load (a number an expert, a:b:c)");
  op.set_load("1:2:-1:4");
  CHECK_THROWS_WITH(rank_shares(op, 1), "load: `-1` is not a load (a number an expert, a:b:c)");
  op.set_load("0:0:0:0");
  CHECK_THROWS_WITH(rank_shares(op, 1), "load=0:0:0:0: no expert has any load");
}
