#include "sim/memory/tile_cache.h"

#include "sim/memory/tile_access.h"

namespace reticle::memory {

namespace {

constexpr std::uint32_t kLeftoverTile = 32 * 1024;  // bytes
constexpr std::uint32_t kLeftoverTensor = 0xFFFF;   // no program has as many tensors

}  // namespace

// Dirty tiles are spread evenly among the clean ones.
void TileCache::reset(const Leftover& leftover) {
  recent_.clear();
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
  const auto found = index_.find(key);
  if (found == index_.end()) {
    return -1;
  }
  recent_.splice(recent_.begin(), recent_, found->second);
  return found->second->ready;
}

std::vector<TileCache::Victim> TileCache::insert(std::uint64_t key, std::uint32_t bytes,
                                                 engine::Ps ready, bool dirty) {
  std::vector<Victim> victims;
  const auto found = index_.find(key);
  if (found != index_.end()) {
    found->second->dirty |= dirty;
    found->second->ready = ready;
    recent_.splice(recent_.begin(), recent_, found->second);
    return victims;
  }
  if (bytes > capacity_) {
    if (dirty) {
      victims.push_back({key, bytes});
    }
    return victims;
  }
  make_room(bytes, victims);
  recent_.push_front({key, bytes, ready, dirty});
  index_[key] = recent_.begin();
  used_ += bytes;
  return victims;
}

void TileCache::make_room(double bytes, std::vector<Victim>& victims) {
  while (used_ + bytes > capacity_) {
    const Entry& oldest = recent_.back();
    if (oldest.dirty) {
      victims.push_back({oldest.key, oldest.bytes});
    }
    used_ -= oldest.bytes;
    index_.erase(oldest.key);
    recent_.pop_back();
  }
}

}  // namespace reticle::memory
