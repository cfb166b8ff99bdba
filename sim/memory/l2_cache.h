#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/time.h"
#include "sim/memory/tile_cache.h"

namespace reticle::memory {

struct L2Spec {
  double capacity = 0;         // B
  engine::Ps latency = 0;      // hit, load to use
  double read_bandwidth = 0;   // B/s, all slices
  double write_bandwidth = 0;  // B/s, all slices
  std::uint32_t partitions = 1;
  engine::Ps far_latency = 0;  // hit in another partition, load to use
  double crossing = 0;         // B/s that one partition can fetch from the others
};

// Contents of L2. Every tile is filled into its home partition; a core near another one reads it
// through the crossing, and a copy stays in its own partition, where it is as good as any other
// tile. So data that all cores read take room once a partition, reuse is near after the first
// reader, and half of what comes from HBM crosses.
class L2Cache {
 public:
  explicit L2Cache(const L2Spec& spec);
  void reset(const Leftover& leftover = {});

  struct Hit {
    bool found = false;
    engine::Ps ready = 0;    // when the tile is (or was) filled
    engine::Ps crossed = 0;  // when it is through the crossing; at once if it is near
    engine::Ps latency = 0;
    std::vector<TileCache::Victim> victims;  // dirty tiles its copy pushed out
  };
  // Looks for a tile from `at` on for a core near `partition`.
  Hit find(std::uint32_t partition, std::uint64_t key, std::uint32_t bytes, engine::Ps at);

  // Fills a tile that was in no partition, readable from `ready`; the same answer as `find`.
  Hit fill(std::uint32_t partition, std::uint64_t key, std::uint32_t bytes, engine::Ps at,
           engine::Ps ready);

  // A written tile goes to its home; returns the dirty tiles it pushed out.
  std::vector<TileCache::Victim> write(std::uint64_t key, std::uint32_t bytes, engine::Ps ready);

  // Other rates and latencies; capacity and partitions stay.
  void set_spec(const L2Spec& spec) { spec_ = spec; }
  std::uint32_t partition_of(std::uint32_t core) const { return core % spec_.partitions; }
  double crossed_bytes() const { return crossed_bytes_; }

 private:
  std::uint32_t home(std::uint64_t key) const;
  void cross(Hit& hit, std::uint32_t partition, std::uint64_t key, std::uint32_t bytes,
             engine::Ps at);

  L2Spec spec_;
  std::vector<TileCache> partitions_;
  std::vector<engine::Ps> crossing_free_;  // of each partition
  double crossed_bytes_ = 0;
};

}  // namespace reticle::memory
