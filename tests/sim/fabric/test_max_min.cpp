#include <catch2/catch.hpp>
#include <stdexcept>

#include "sim/fabric/max_min.h"

using namespace reticle::fabric;

namespace {

constexpr double kGb = 1e9;
constexpr std::int64_t kUs = 1'000'000;  // ps

FlowClass over(std::vector<Use> uses, double bytes, double count = 1) {
  return {bytes, count, std::move(uses), std::nullopt};
}

}  // namespace

TEST_CASE("equal flows share a link equally and end together") {
  const std::vector<Resource> link = {{"link", 100 * kGb}};
  const std::vector<FlowClass> flows = {over({{0, 1}}, 1e6), over({{0, 1}}, 1e6)};
  for (const Share& share : fair_shares(link, flows)) {
    CHECK(share.rate == 50 * kGb);
    CHECK(share.bound == std::size_t{0});
  }
  const Outcome outcome = run_flows(link, flows);
  CHECK(outcome.classes[0].finish_ps == 20 * kUs);
  CHECK(outcome.classes[1].finish_ps == 20 * kUs);
  CHECK(outcome.intervals.size() == 1);
}

TEST_CASE("a class of four is four flows") {
  const std::vector<Resource> link = {{"link", 100 * kGb}};
  const Outcome grouped = run_flows(link, {over({{0, 1}}, 1e6, 4)});
  const Outcome single = run_flows(link, std::vector<FlowClass>(4, over({{0, 1}}, 1e6)));
  CHECK(grouped.finish_ps == 40 * kUs);
  CHECK(single.finish_ps == 40 * kUs);
  CHECK(grouped.resources[0].bytes == single.resources[0].bytes);
}

// Bertsekas and Gallager's kind of example: flow 0 crosses both links, 1 and 2 one each.
TEST_CASE("what a limited flow leaves goes to the others") {
  const std::vector<Resource> links = {{"narrow", 10 * kGb}, {"wide", 100 * kGb}};
  const std::vector<FlowClass> flows = {over({{0, 1}, {1, 1}}, 1e6), over({{0, 1}}, 1e6),
                                        over({{1, 1}}, 1e6)};
  const std::vector<Share> shares = fair_shares(links, flows);
  CHECK(shares[0].rate == 5 * kGb);
  CHECK(shares[0].bound == std::size_t{0});
  CHECK(shares[1].rate == 5 * kGb);
  CHECK(shares[2].rate == 95 * kGb);
  CHECK(shares[2].bound == std::size_t{1});
}

TEST_CASE("a flow below the fair share keeps its cap, one above it does not feel it") {
  const std::vector<Resource> link = {{"link", 100 * kGb}};
  std::vector<FlowClass> flows = {over({{0, 1}}, 1e6), over({{0, 1}}, 1e6)};
  flows[0].cap = 20 * kGb;
  std::vector<Share> shares = fair_shares(link, flows);
  CHECK(shares[0].rate == 20 * kGb);
  CHECK_FALSE(shares[0].bound.has_value());
  CHECK(shares[1].rate == 80 * kGb);
  flows[0].cap = 51 * kGb;
  shares = fair_shares(link, flows);
  CHECK(shares[0].rate == 50 * kGb);
  CHECK(shares[0].bound == std::size_t{0});
}

TEST_CASE("a flow speeds up when another ends") {
  const std::vector<Resource> link = {{"link", 100 * kGb}};
  // 1 MB each at 50 GB/s: 20 us; then 2 MB left at 100 GB/s: 20 us more.
  const Outcome outcome = run_flows(link, {over({{0, 1}}, 3e6), over({{0, 1}}, 1e6)});
  CHECK(outcome.classes[1].finish_ps == 20 * kUs);
  CHECK(outcome.classes[0].finish_ps == 40 * kUs);
  CHECK(outcome.last == std::size_t{0});
  CHECK(outcome.intervals.size() == 2);
  CHECK(outcome.resources[0].bytes == 4e6);
  CHECK(outcome.resources[0].busy_ps == 40 * kUs);
}

TEST_CASE("a weight loads its resource more") {
  const std::vector<Resource> links = {{"port", 100 * kGb}, {"uplink", 400 * kGb}};
  const Outcome outcome = run_flows(links, {over({{0, 1}, {1, 8}}, 1e6)});
  CHECK(outcome.finish_ps == 20 * kUs);  // 8 x 1 MB over 400 GB/s
  CHECK(outcome.classes[0].bound == std::size_t{1});
  CHECK(outcome.resources[1].bytes == 8e6);
  CHECK(outcome.resources[0].busy_ps == 10 * kUs);
}

TEST_CASE("of two resources full at once the first is named, in whatever order they are crossed") {
  const std::vector<Resource> links = {{"in", 10 * kGb}, {"out", 10 * kGb}};
  CHECK(fair_shares(links, {over({{0, 1}, {1, 1}}, 1)})[0].bound == std::size_t{0});
  CHECK(fair_shares(links, {over({{1, 1}, {0, 1}}, 1)})[0].bound == std::size_t{0});
}

TEST_CASE("flows without bytes end at once and take nothing") {
  const std::vector<Resource> link = {{"link", 100 * kGb}};
  const Outcome outcome = run_flows(link, {over({{0, 1}}, 0), over({{0, 1}}, 1e6, 0)});
  CHECK(outcome.finish_ps == 0);
  CHECK_FALSE(outcome.last.has_value());
  CHECK(outcome.intervals.empty());
  CHECK(outcome.resources[0].bytes == 0);
}

TEST_CASE("what has no meaning is refused") {
  const std::vector<Resource> link = {{"link", 100 * kGb}};
  CHECK_THROWS_AS(run_flows({{"link", 0}}, {over({{0, 1}}, 1)}), std::logic_error);
  CHECK_THROWS_AS(run_flows(link, {over({{1, 1}}, 1)}), std::logic_error);
  CHECK_THROWS_AS(run_flows(link, {over({{0, 0}}, 1)}), std::logic_error);
  CHECK_THROWS_AS(run_flows(link, {over({{0, 1}}, -1)}), std::logic_error);
  CHECK_THROWS_AS(run_flows(link, {over({}, 1)}), std::logic_error);
}
