#include "sim/memory/tile_index.h"

#include <catch2/catch.hpp>
#include <map>

using reticle::memory::TileIndex;

TEST_CASE("an index finds what was put in and not what was taken out") {
  TileIndex index;
  CHECK(index.find(7) == TileIndex::kNone);
  index.insert(7, 70);
  index.insert(0, 1);
  CHECK(index.find(7) == 70);
  CHECK(index.find(0) == 1);
  index.erase(7);
  CHECK(index.find(7) == TileIndex::kNone);
  CHECK(index.find(0) == 1);
  index.clear();
  CHECK(index.find(0) == TileIndex::kNone);
}

// Runs of neighbouring slots form, break and wrap around the end of the table.
TEST_CASE("an index agrees with a map through ten thousand changes") {
  TileIndex index;
  std::map<std::uint64_t, std::uint32_t> map;
  std::uint64_t state = 1;
  bool agree = true;
  for (std::uint32_t i = 0; i < 10000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const std::uint64_t key = (state >> 33) % 2000 << (state >> 63 ? 48 : 0);
    const auto known = map.find(key);
    agree = agree && index.find(key) == (known == map.end() ? TileIndex::kNone : known->second);
    if (known == map.end()) {
      index.insert(key, i);
      map[key] = i;
    } else {
      index.erase(key);
      map.erase(known);
    }
  }
  CHECK(agree);
  for (const auto& [key, place] : map) {
    agree = agree && index.find(key) == place;
  }
  CHECK(agree);
}
