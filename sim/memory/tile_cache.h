#pragma once

#include <cstdint>
#include <list>
#include <unordered_map>
#include <vector>

#include "sim/engine/time.h"

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
  explicit TileCache(double capacity) : capacity_(capacity) {}
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
    std::uint64_t key;
    std::uint32_t bytes;
    engine::Ps ready;
    bool dirty;
  };
  void make_room(double bytes, std::vector<Victim>& victims);

  double capacity_;
  double used_ = 0;
  std::list<Entry> recent_;  // most recent first
  std::unordered_map<std::uint64_t, std::list<Entry>::iterator> index_;
};

}  // namespace reticle::memory
