#include "sim/memory/memory_system.h"

#include <algorithm>
#include <stdexcept>

namespace reticle::memory {

using engine::Ps;

MemorySystem::MemorySystem(const sc_core::sc_module_name& name, const engine::EventQueue& clock,
                           const L2Spec& l2, const HbmSpec& hbm)
    : sc_module(name), socket("socket"), clock_(clock), l2_(l2), hbm_(hbm), cache_(l2) {
  socket.register_b_transport(this, &MemorySystem::b_transport);
}

void MemorySystem::reset(const std::vector<std::uint32_t>& resident_tensors,
                         const Leftover& leftover) {
  hbm_.reset();
  cache_.reset(leftover);
  resident_ = resident_tensors;
  taken_.clear();
  read_free_ = write_free_ = read_busy_ = write_busy_ = 0;
  l2_bytes_ = hit_bytes_ = 0;
}

// True once for each tile of a tensor that starts in L2: what is pushed out later is gone.
bool MemorySystem::take_resident(std::uint64_t key) {
  if (std::find(resident_.begin(), resident_.end(), tensor_of(key)) == resident_.end() ||
      taken_.find(key) != TileIndex::kNone) {
    return false;
  }
  taken_.insert(key, 0);
  return true;
}

// The port, the L2 slices and (on a miss) the HBM channels move the tile together; the slowest
// decides when it is through, and the latency comes on top for the data. A port that is not
// pipelined is busy until then.
void MemorySystem::b_transport(int port, tlm::tlm_generic_payload& request,
                               sc_core::sc_time& delay) {
  TileAccess* access = nullptr;
  request.get_extension(access);
  if (access == nullptr) {
    throw std::logic_error("memory request without a tile");
  }
  const Ps at = clock_.now();
  const auto bytes = static_cast<std::uint32_t>(request.get_data_length());
  const std::uint32_t partition = cache_.partition_of(static_cast<std::uint32_t>(port));
  const Service service =
      request.is_write() ? write(*access, at, bytes) : read(*access, partition, at, bytes);
  access->port_free = service.port_free;
  l2_bytes_ += bytes;
  delay += sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(service.done - at));  // ps
  request.set_response_status(tlm::TLM_OK_RESPONSE);
}

MemorySystem::Service MemorySystem::read(const TileAccess& access, std::uint32_t partition, Ps at,
                                         std::uint32_t bytes) {
  const Ps through_port = at + engine::transfer_ps(bytes, access.port_bandwidth);
  const Ps slice = engine::transfer_ps(bytes, l2_.read_bandwidth);
  read_free_ = std::max(read_free_, at) + slice;
  read_busy_ += slice;
  const Ps moved = std::max(through_port, read_free_);
  const auto port = [&access, through_port](Ps served) {
    return access.pipelined ? through_port : served;
  };
  L2Cache::Hit hit = cache_.find(partition, access.key, bytes, at);
  if (!hit.found && take_resident(access.key)) {
    hit = cache_.fill(partition, access.key, bytes, at, 0);
  }
  if (hit.found) {
    // A tile still being filled for somebody else is waited for, not fetched twice; its data are
    // here when they are there.
    hit_bytes_ += bytes;
    const Ps served = std::max({moved, hit.crossed, hit.ready - hbm_.spec().latency});
    const Ps room = make_room(at, hit.victims);
    return {port(std::max(served, room)), std::max(served + hit.latency, hit.ready)};
  }
  const Ps arrived = std::max(moved, hbm_.serve(at, access.key, bytes));
  const Ps done = arrived + hbm_.spec().latency;
  hit = cache_.fill(partition, access.key, bytes, at, done);
  const Ps room = make_room(at, hit.victims);
  return {port(std::max(arrived, room)), std::max(done, hit.crossed)};
}

MemorySystem::Service MemorySystem::write(const TileAccess& access, Ps at, std::uint32_t bytes) {
  const Ps through_port = at + engine::transfer_ps(bytes, access.port_bandwidth);
  const Ps slice = engine::transfer_ps(bytes, l2_.write_bandwidth);
  write_free_ = std::max(write_free_, at) + slice;
  write_busy_ += slice;
  const Ps moved = std::max(through_port, write_free_);
  const Ps room = make_room(at, cache_.write(access.key, bytes, moved));
  // Evictions are queued for a round trip to HBM before they hold a pipelined writer up.
  const Ps accepted = std::max(moved, access.pipelined ? room - hbm_.spec().latency : room);
  return {accepted, accepted + l2_.latency};
}

// A tile takes the place of others: when the dirty ones have left, so that writes cannot outrun
// HBM.
Ps MemorySystem::make_room(Ps at, const std::vector<TileCache::Victim>& victims) {
  Ps room = at;
  for (const TileCache::Victim& victim : victims) {
    room = std::max(room, hbm_.serve(at, victim.key, victim.bytes, true));
  }
  return room;
}

engine::Statistics MemorySystem::statistics() const {
  engine::Statistics all = hbm_.statistics();
  all.push_back({"l2.bytes", "B", "Bytes between cores and L2", l2_bytes_});
  all.push_back({"l2.hit_bytes", "B", "Bytes read that were in L2 or on their way", hit_bytes_});
  all.push_back(
      {"l2.crossed_bytes", "B", "Bytes read from another partition", cache_.crossed_bytes()});
  all.push_back(
      {"l2.busy", "ps", "Busy time of the busier direction", static_cast<double>(l2_busy())});
  return all;
}

}  // namespace reticle::memory
