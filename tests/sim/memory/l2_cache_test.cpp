#include "sim/memory/l2_cache.h"

#include <catch2/catch.hpp>

using namespace reticle::memory;
using reticle::engine::Ps;

namespace {

constexpr Ps kNear = 150000;
constexpr Ps kFar = 236000;
constexpr std::uint32_t kTile = 10000;

// Two partitions of 100 kB; the crossing moves 10,000 B in 10,000 ps.
L2Spec two() { return {200e3, kNear, 1e15, 1e15, 2, kFar, 1e12}; }

// A key whose home is `partition`: the first reader near it meets no crossing.
std::uint64_t key_at(std::uint32_t partition, std::uint64_t from = 0) {
  for (std::uint64_t key = from;; ++key) {
    L2Cache cache(two());
    cache.write(key, kTile, 0);
    if (cache.find(partition, key, kTile, 0).latency == kNear) {
      return key;
    }
  }
}

}  // namespace

TEST_CASE("a tile is near in its home and far from the other partition, once") {
  L2Cache cache(two());
  const std::uint64_t key = key_at(0);
  CHECK_FALSE(cache.find(0, key, kTile, 0).found);
  CHECK(cache.fill(0, key, kTile, 0, 500000).latency == kNear);
  const L2Cache::Hit near = cache.find(0, key, kTile, 600000);
  CHECK(near.found);
  CHECK(near.latency == kNear);
  CHECK(near.crossed == 600000);
  const L2Cache::Hit far = cache.find(1, key, kTile, 600000);
  CHECK(far.found);
  CHECK(far.latency == kFar);
  CHECK(far.crossed == 610000);
  CHECK(cache.crossed_bytes() == kTile);
  CHECK(cache.find(1, key, kTile, 620000).latency == kNear);  // its copy stayed
  CHECK(cache.crossed_bytes() == kTile);
}

TEST_CASE("the crossing moves one tile after another") {
  L2Cache cache(two());
  const std::uint64_t first = key_at(0);
  const std::uint64_t second = key_at(0, first + 1);
  cache.write(first, kTile, 0);
  cache.write(second, kTile, 0);
  CHECK(cache.find(1, first, kTile, 1000).crossed == 11000);
  CHECK(cache.find(1, second, kTile, 1000).crossed == 21000);
}

TEST_CASE("what both partitions read takes room twice, what one reads once") {
  for (const bool both : {false, true}) {
    L2Cache cache(two());
    int kept = 0;
    std::uint64_t key = 0;
    std::vector<std::pair<std::uint32_t, std::uint64_t>> tiles;  // with their homes
    for (int i = 0; i < 10; ++i) {  // 100 kB of home tiles in each partition
      for (const std::uint32_t partition : {0U, 1U}) {
        key = key_at(partition, key + 1);
        tiles.emplace_back(partition, key);
        cache.fill(partition, key, kTile, 0, 0);
        if (both) {
          cache.find(1 - partition, key, kTile, 0);
        }
      }
    }
    for (const auto& [home, tile] : tiles) {
      const L2Cache::Hit hit = cache.find(home, tile, kTile, 0);
      kept += hit.found && hit.latency == kNear ? 1 : 0;
    }
    INFO("read by both: " << both);
    CHECK((both ? kept <= 12 : kept == 20));
  }
}

TEST_CASE("one partition is a plain cache, and reset forgets everything") {
  L2Cache cache({100e3, kNear, 1e15, 1e15});
  for (std::uint64_t key = 0; key < 10; ++key) {
    cache.fill(cache.partition_of(7), key, kTile, 0, 0);
  }
  CHECK(cache.find(0, 0, kTile, 5).latency == kNear);
  CHECK(cache.find(0, 0, kTile, 5).crossed == 5);
  CHECK(cache.crossed_bytes() == 0);
  CHECK(cache.write(99, kTile, 0).empty());  // pushed out a clean tile
  cache.reset();
  CHECK_FALSE(cache.find(0, 0, kTile, 0).found);
}
