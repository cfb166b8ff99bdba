#include <catch2/catch.hpp>

#include "models/systems/all_reduce.h"
#include "tests/models/systems/toy_systems.h"

using namespace reticle;
using namespace reticle::systems;

namespace {

constexpr double kMib = 1024.0 * 1024;
constexpr std::int64_t kGib = std::int64_t{1} << 30;

double busbw(double bytes, double ranks, const AllReduceCost& cost) {
  return bytes * 2 * (ranks - 1) / ranks / static_cast<double>(cost.network.total_ps()) * 1e12;
}

}  // namespace

TEST_CASE("a ring of eight GPUs sends 14 eighths of the buffer") {
  const AllReduceCost ring = ring_all_reduce(span(gpu_cluster(), 1, 8), 512 * kMib);
  // 1.75 x 512 MiB / 176 GB/s and 14 hops of 0.6 us.
  CHECK(ring.network.wire_ps == 5'338'205'091);
  CHECK(ring.network.latency_ps == 8'400'000);
  CHECK(ring.network.bound_tier == "nvlink");
  CHECK(ring.algorithm == "ring");
  CHECK(ring.network.payload_bytes() == 1.75 * 512 * kMib);
}

TEST_CASE("rings over nodes leave each node by every NIC") {
  const AllReduceCost ring = ring_all_reduce(span(gpu_cluster(), 1, 16), 512 * kMib);
  REQUIRE(ring.network.tiers.size() == 2);
  // Of 16 edges 14 are NVLink, 2 cross nodes: an eighth of the traffic goes over the NICs.
  CHECK(ring.network.tiers[0].payload_bytes == 1.875 * 512 * kMib * 14 / 16);
  CHECK(ring.network.tiers[1].payload_bytes == 1.875 * 512 * kMib * 2 / 16);
  CHECK(ring.network.bound_tier == "nvlink");
  // Twice round, each time without one NVLink hop: 2 x (13 x 0.6 + 2 x 1.75).
  CHECK(ring.network.latency_ps == 22'600'000);
}

TEST_CASE("a ring over dies meets the pair's write rate") {
  const AllReduceCost ring = ring_all_reduce(span(supernode(), 2, 8), 512 * kMib);
  // Half of the edges inside packages (270 GB/s), half between them (137 GB/s a pair).
  CHECK(ring.network.bound_tier == "ub_node");
  CHECK(ring.network.bound_resource == "pair");
  CHECK(ring.network.wire_ps == 3'428'920'058);
}

TEST_CASE("one shot for small buffers, the ring for large ones") {
  const fabric::Topology topology = span(gpu_cluster(), 1, 8);
  const AllReduceCost small = all_reduce(topology, 8192);
  CHECK(small.algorithm == "one_shot");
  CHECK(small.network.wire_ps == 325'818);  // 7 x 8 KiB / 176 GB/s
  CHECK(small.network.latency_ps == 600'000);
  CHECK(all_reduce(topology, 512 * kMib).algorithm == "ring");
  // They cross where 5.25 buffers over 176 GB/s take the ring's 13 hops more: 7.8 us, 261,486 B.
  CHECK(all_reduce(topology, 261'000).algorithm == "one_shot");
  CHECK(all_reduce(topology, 262'000).algorithm == "ring");
}

TEST_CASE("busbw stays below the link and comes close on large buffers") {
  for (const std::int64_t ranks : {2, 4, 8}) {
    for (std::int64_t size = 512; size <= kGib; size *= 2) {
      const auto bytes = static_cast<double>(size);
      const AllReduceCost cost = all_reduce(span(gpu_cluster(), 1, ranks), bytes);
      CHECK(busbw(bytes, static_cast<double>(ranks), cost) < 176e9);
    }
    const AllReduceCost large = all_reduce(span(gpu_cluster(), 1, ranks), 1024 * kMib);
    CHECK(busbw(1024 * kMib, static_cast<double>(ranks), large) > 0.99 * 176e9);
  }
}

TEST_CASE("time grows with the buffer") {
  std::int64_t last = 0;
  for (std::int64_t size = 512; size <= kGib; size *= 2) {
    const auto bytes = static_cast<double>(size);
    const std::int64_t now = all_reduce(span(supernode(), 2, 64), bytes).network.total_ps();
    CHECK(now > last);
    last = now;
  }
}
