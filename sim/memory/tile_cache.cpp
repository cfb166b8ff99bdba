#include "sim/memory/tile_cache.h"

namespace reticle::memory {

void TileCache::reset() {
  recent_.clear();
  index_.clear();
  used_ = 0;
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
