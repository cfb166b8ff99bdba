#pragma once

#include <cstdint>
#include <vector>

namespace reticle::memory {

// From a tile's key to its place in a table. Open addressing with linear probing (Knuth 6.4,
// algorithms L and R): one is looked up, put in or taken out for every tile that moves, and nodes
// of a standard container would cost more than all the rest of a request.
class TileIndex {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  TileIndex() : slots_(kFewest) {}
  void clear();

  std::uint32_t find(std::uint64_t key) const;          // kNone if it is not there
  void insert(std::uint64_t key, std::uint32_t place);  // a key that is not there
  void erase(std::uint64_t key);                        // a key that is there

 private:
  static constexpr std::size_t kFewest = 1024;  // a power of two
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t place = kNone;
  };
  std::size_t start(std::uint64_t key) const;
  std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
  void grow();

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace reticle::memory
