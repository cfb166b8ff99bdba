#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/time.h"
#include "sim/memory/tile_index.h"

namespace reticle::memory {

// What earlier kernels left in L2: bytes that nobody asks for again, and how many of them are still
// to be written to memory.
struct Leftover {
  double bytes = 0;
  double dirty_share = 0;
};

// Contents of L2 at the granularity the programs move: whole tiles, least recently used out first.
// Reuse follows from the order in which cores ask.
class TileCache {
 public:
  explicit TileCache(double capacity) : capacity_(capacity), entries_(1) {}
  // Empty but for the leftover, which is older than all that follows.
  void reset(const Leftover& leftover = {});

  struct Victim {
    std::uint64_t key;
    std::uint32_t bytes;
  };

  // When a tile that is (or is being) filled can be read; -1 if it is not here. Marks it recent.
  engine::Ps find(std::uint64_t key);

  // Puts a tile in, readable from `ready`; returns the dirty tiles it pushed out. A tile larger
  // than the cache is not kept.
  std::vector<Victim> insert(std::uint64_t key, std::uint32_t bytes, engine::Ps ready, bool dirty);

  double used() const { return used_; }

 private:
  struct Entry {
    std::uint64_t key = 0;
    engine::Ps ready = 0;
    std::uint32_t bytes = 0;
    std::uint32_t newer = 0;  // neighbours in order of use
    std::uint32_t older = 0;
    bool dirty = false;
  };
  void make_room(double bytes, std::vector<Victim>& victims);
  void put_first(std::uint32_t entry);
  void take_out(std::uint32_t entry);
  void touch(std::uint32_t entry);

  double capacity_;
  double used_ = 0;
  // The first is nobody's: most recent is its `older`, least recent its `newer`.
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> free_;
  TileIndex index_;
};

}  // namespace reticle::memory
