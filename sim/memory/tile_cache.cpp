#include "sim/memory/tile_cache.h"

#include "sim/memory/tile_access.h"

namespace reticle::memory {

namespace {

constexpr std::uint32_t kLeftoverTile = 32 * 1024;  // bytes
constexpr std::uint32_t kLeftoverTensor = 0xFFFF;   // no program has as many tensors

}  // namespace

// Dirty tiles are spread evenly among the clean ones.
void TileCache::reset(const Leftover& leftover) {
  entries_.assign(1, {});
  free_.clear();
  index_.clear();
  used_ = 0;
  double dirty = 0;
  for (std::uint64_t tile = 0; used_ + kLeftoverTile <= leftover.bytes; ++tile) {
    dirty += leftover.dirty_share;
    const bool is_dirty = dirty >= 1;
    dirty -= is_dirty ? 1 : 0;
    insert(tile_key(kLeftoverTensor, tile), kLeftoverTile, 0, is_dirty);
  }
}

engine::Ps TileCache::find(std::uint64_t key) {
  const std::uint32_t found = index_.find(key);
  if (found == TileIndex::kNone) {
    return -1;
  }
  touch(found);
  return entries_[found].ready;
}

std::vector<TileCache::Victim> TileCache::insert(std::uint64_t key, std::uint32_t bytes,
                                                 engine::Ps ready, bool dirty) {
  std::vector<Victim> victims;
  const std::uint32_t found = index_.find(key);
  if (found != TileIndex::kNone) {
    entries_[found].dirty |= dirty;
    entries_[found].ready = ready;
    touch(found);
    return victims;
  }
  if (bytes > capacity_) {
    if (dirty) {
      victims.push_back({key, bytes});
    }
    return victims;
  }
  make_room(bytes, victims);
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(entries_.size()));
    entries_.emplace_back();
  }
  const std::uint32_t entry = free_.back();
  free_.pop_back();
  entries_[entry] = {key, ready, bytes, 0, 0, dirty};
  put_first(entry);
  index_.insert(key, entry);
  used_ += bytes;
  return victims;
}

void TileCache::make_room(double bytes, std::vector<Victim>& victims) {
  while (used_ + bytes > capacity_) {
    const std::uint32_t oldest = entries_[0].newer;
    const Entry& entry = entries_[oldest];
    if (entry.dirty) {
      victims.push_back({entry.key, entry.bytes});
    }
    used_ -= entry.bytes;
    index_.erase(entry.key);
    take_out(oldest);
    free_.push_back(oldest);
  }
}

void TileCache::put_first(std::uint32_t entry) {
  const std::uint32_t second = entries_[0].older;
  entries_[entry].newer = 0;
  entries_[entry].older = second;
  entries_[second].newer = entry;
  entries_[0].older = entry;
}

void TileCache::take_out(std::uint32_t entry) {
  entries_[entries_[entry].newer].older = entries_[entry].older;
  entries_[entries_[entry].older].newer = entries_[entry].newer;
}

void TileCache::touch(std::uint32_t entry) {
  take_out(entry);
  put_first(entry);
}

}  // namespace reticle::memory
