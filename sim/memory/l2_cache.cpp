#include "sim/memory/l2_cache.h"

#include <algorithm>

namespace reticle::memory {

using engine::Ps;

namespace {

// Spreads tiles over partitions with the high bits of a fixed odd multiplier, as channels are
// chosen, but by other bits.
std::uint64_t spread(std::uint64_t key) { return (key * 0x9E3779B97F4A7C15ULL) >> 60; }

}  // namespace

L2Cache::L2Cache(const L2Spec& spec) : spec_(spec), crossing_free_(spec.partitions, 0) {
  for (std::uint32_t i = 0; i < spec.partitions; ++i) {
    partitions_.emplace_back(spec.capacity / spec.partitions);
  }
}

void L2Cache::reset(const Leftover& leftover) {
  for (TileCache& partition : partitions_) {
    partition.reset({leftover.bytes / spec_.partitions, leftover.dirty_share});
  }
  std::fill(crossing_free_.begin(), crossing_free_.end(), 0);
  crossed_bytes_ = 0;
}

std::uint32_t L2Cache::home(std::uint64_t key) const {
  return static_cast<std::uint32_t>(spread(key) % spec_.partitions);
}

L2Cache::Hit L2Cache::find(std::uint32_t partition, std::uint64_t key, std::uint32_t bytes, Ps at) {
  Hit hit;
  const Ps near = partitions_[partition].find(key);
  if (near >= 0) {
    return {true, near, at, spec_.latency, {}};
  }
  for (std::uint32_t i = 0; i < spec_.partitions && !hit.found; ++i) {
    const std::uint32_t other = (home(key) + i) % spec_.partitions;
    const Ps far = other == partition ? -1 : partitions_[other].find(key);
    if (far >= 0) {
      hit.found = true;
      hit.ready = far;
      cross(hit, partition, key, bytes, at);
    }
  }
  return hit;
}

L2Cache::Hit L2Cache::fill(std::uint32_t partition, std::uint64_t key, std::uint32_t bytes, Ps at,
                           Ps ready) {
  const std::uint32_t at_home = home(key);
  Hit hit = {true, ready, at, spec_.latency, {}};
  hit.victims = partitions_[at_home].insert(key, bytes, ready, false);
  if (at_home != partition) {
    cross(hit, partition, key, bytes, at);
  }
  return hit;
}

std::vector<TileCache::Victim> L2Cache::write(std::uint64_t key, std::uint32_t bytes, Ps ready) {
  return partitions_[home(key)].insert(key, bytes, ready, true);
}

void L2Cache::cross(Hit& hit, std::uint32_t partition, std::uint64_t key, std::uint32_t bytes,
                    Ps at) {
  Ps& free = crossing_free_[partition];
  free = std::max(free, at) + engine::transfer_ps(bytes, spec_.crossing);
  hit.crossed = free;
  hit.latency = spec_.far_latency;
  crossed_bytes_ += bytes;
  const auto pushed_out =
      partitions_[partition].insert(key, bytes, std::max(hit.ready, free), false);
  hit.victims.insert(hit.victims.end(), pushed_out.begin(), pushed_out.end());
}

}  // namespace reticle::memory
