#pragma once

#include <tlm_utils/multi_passthrough_target_socket.h>

#include <cstdint>
#include <systemc>
#include <vector>

#include "sim/engine/event_queue.h"
#include "sim/engine/statistics.h"
#include "sim/memory/hbm.h"
#include "sim/memory/l2_cache.h"
#include "sim/memory/tile_access.h"
#include "sim/memory/tile_index.h"

namespace reticle::memory {

// L2 in front of HBM: where cores meet memory (the one TLM-2.0 border inside a chip). Requests
// carry tiles; the answer is an annotated delay, and contention is a reservation on L2 and on HBM
// channels.
class MemorySystem : public sc_core::sc_module {
 public:
  MemorySystem(const sc_core::sc_module_name& name, const engine::EventQueue& clock,
               const L2Spec& l2, const HbmSpec& hbm);

  tlm_utils::multi_passthrough_target_socket<MemorySystem> socket;

  // Back to the initial state; tensors listed are in L2 already (they must fit together), beside
  // what earlier kernels left.
  void reset(const std::vector<std::uint32_t>& resident_tensors, const Leftover& leftover = {});
  // Other rates and latencies of L2 (capacity and partitions stay), from the next reset on.
  void set_l2(const L2Spec& l2) {
    l2_ = l2;
    cache_.set_spec(l2);
  }

  double l2_bytes() const { return l2_bytes_; }
  engine::Ps l2_busy() const { return read_busy_ > write_busy_ ? read_busy_ : write_busy_; }
  const Hbm& hbm() const { return hbm_; }
  const L2Spec& l2_spec() const { return l2_; }
  engine::Statistics statistics() const;

 private:
  void b_transport(int port, tlm::tlm_generic_payload& request, sc_core::sc_time& delay);
  struct Service {
    engine::Ps port_free;
    engine::Ps done;
  };
  Service read(const TileAccess& access, std::uint32_t partition, engine::Ps at,
               std::uint32_t bytes);
  Service write(const TileAccess& access, engine::Ps at, std::uint32_t bytes);
  engine::Ps make_room(engine::Ps at, const std::vector<TileCache::Victim>& victims);
  bool take_resident(std::uint64_t key);

  const engine::EventQueue& clock_;
  L2Spec l2_;
  Hbm hbm_;
  L2Cache cache_;
  std::vector<std::uint32_t> resident_;
  TileIndex taken_;  // tiles of `resident_` that were asked for
  engine::Ps read_free_ = 0;
  engine::Ps write_free_ = 0;
  engine::Ps read_busy_ = 0;
  engine::Ps write_busy_ = 0;
  double l2_bytes_ = 0;
  double hit_bytes_ = 0;
};

}  // namespace reticle::memory
