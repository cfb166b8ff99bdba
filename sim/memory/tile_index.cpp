#include "sim/memory/tile_index.h"

#include <utility>

namespace reticle::memory {

// The high bits of the product with a fixed odd number (Knuth's golden ratio), folded.
std::size_t TileIndex::start(std::uint64_t key) const {
  const std::uint64_t product = key * 0x9E3779B97F4A7C15ULL;
  return (product ^ (product >> 32)) & (slots_.size() - 1);
}

void TileIndex::clear() {
  slots_.assign(kFewest, Slot{});  // a large kernel before this one costs it nothing
  used_ = 0;
}

std::uint32_t TileIndex::find(std::uint64_t key) const {
  for (std::size_t slot = start(key); slots_[slot].place != kNone; slot = next(slot)) {
    if (slots_[slot].key == key) {
      return slots_[slot].place;
    }
  }
  return kNone;
}

void TileIndex::insert(std::uint64_t key, std::uint32_t place) {
  if (2 * ++used_ > slots_.size()) {
    grow();
  }
  std::size_t slot = start(key);
  while (slots_[slot].place != kNone) {
    slot = next(slot);
  }
  slots_[slot] = {key, place};
}

// What follows in the same run moves up if the hole is between its start and its slot.
void TileIndex::erase(std::uint64_t key) {
  std::size_t hole = start(key);
  while (slots_[hole].key != key || slots_[hole].place == kNone) {
    hole = next(hole);
  }
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = next(hole); slots_[slot].place != kNone; slot = next(slot)) {
    const std::size_t from_start = (slot - start(slots_[slot].key)) & mask;
    if (from_start >= ((slot - hole) & mask)) {
      slots_[hole] = slots_[slot];
      hole = slot;
    }
  }
  slots_[hole] = {};
  --used_;
}

void TileIndex::grow() {
  std::vector<Slot> old(2 * slots_.size());
  std::swap(old, slots_);
  for (const Slot& entry : old) {
    if (entry.place != kNone) {
      std::size_t slot = start(entry.key);
      while (slots_[slot].place != kNone) {
        slot = next(slot);
      }
      slots_[slot] = entry;
    }
  }
}

}  // namespace reticle::memory
