#include "sim/memory/tile_cache.h"

#include <catch2/catch.hpp>

using reticle::memory::TileCache;

TEST_CASE("a tile fits to the last byte, and one byte more pushes one out") {
  TileCache cache(300);
  cache.insert(1, 100, 0, false);
  cache.insert(2, 100, 0, false);
  CHECK(cache.insert(3, 100, 0, false).empty());
  CHECK(cache.used() == 300);
  CHECK(cache.find(1) == 0);

  TileCache less(299);
  less.insert(1, 100, 0, false);
  less.insert(2, 100, 0, false);
  less.insert(3, 100, 0, false);
  CHECK(less.used() == 200);
  CHECK(less.find(1) == -1);
  CHECK(less.find(2) == 0);
}

TEST_CASE("the least recently used goes first, and a look counts as use") {
  TileCache cache(300);
  for (std::uint64_t key = 1; key <= 3; ++key) {
    cache.insert(key, 100, 0, false);
  }
  cache.find(1);
  cache.insert(2, 100, 0, false);  // again: recent, and no bigger
  cache.insert(4, 100, 0, false);
  CHECK(cache.find(3) == -1);
  CHECK(cache.find(1) == 0);
  CHECK(cache.find(2) == 0);
  CHECK(cache.used() == 300);
}

TEST_CASE("only dirty tiles are written back, oldest first") {
  TileCache cache(300);
  cache.insert(1, 100, 0, true);
  cache.insert(2, 100, 0, false);
  cache.insert(3, 100, 0, false);
  cache.insert(3, 100, 0, true);   // a clean tile that is written is dirty
  cache.insert(1, 100, 0, false);  // a dirty tile that is read stays dirty
  const auto victims = cache.insert(4, 300, 0, false);
  REQUIRE(victims.size() == 2);
  CHECK(victims[0].key == 3);
  CHECK(victims[1].key == 1);
  CHECK(victims[1].bytes == 100);
}

TEST_CASE("a tile larger than the cache passes by") {
  TileCache cache(100);
  cache.insert(1, 100, 0, true);
  CHECK(cache.insert(2, 101, 0, false).empty());
  CHECK(cache.find(2) == -1);
  const auto victims = cache.insert(3, 101, 0, true);  // written: straight to memory
  REQUIRE(victims.size() == 1);
  CHECK(victims[0].key == 3);
  CHECK(cache.find(1) == 0);
}

TEST_CASE("a tile knows when it is there, and reset empties the cache") {
  TileCache cache(100);
  cache.insert(1, 100, 777, false);
  CHECK(cache.find(1) == 777);
  cache.reset();
  CHECK(cache.find(1) == -1);
  CHECK(cache.used() == 0);
}
