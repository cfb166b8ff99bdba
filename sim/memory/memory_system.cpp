#include "sim/memory/memory_system.h"

#include <algorithm>
#include <stdexcept>

namespace reticle::memory {

using engine::Ps;

MemorySystem::MemorySystem(const sc_core::sc_module_name& name, const engine::EventQueue& clock,
                           const L2Spec& l2, const HbmSpec& hbm)
    : sc_module(name), socket("socket"), clock_(clock), l2_(l2), hbm_(hbm), cache_(l2.capacity) {
  socket.register_b_transport(this, &MemorySystem::b_transport);
}

void MemorySystem::reset(const std::vector<std::uint32_t>& resident_tensors) {
  hbm_.reset();
  cache_.reset();
  resident_ = resident_tensors;
  read_free_ = write_free_ = read_busy_ = write_busy_ = 0;
  l2_bytes_ = hit_bytes_ = 0;
}

bool MemorySystem::starts_resident(std::uint64_t key) const {
  return std::find(resident_.begin(), resident_.end(), tensor_of(key)) != resident_.end();
}

// The port, the L2 slices and (on a miss) the HBM channels move the tile together; the slowest
// decides when the port is free, and the latency comes on top for the data.
void MemorySystem::b_transport(int /*port*/, tlm::tlm_generic_payload& request,
                               sc_core::sc_time& delay) {
  TileAccess* access = nullptr;
  request.get_extension(access);
  if (access == nullptr) {
    throw std::logic_error("memory request without a tile");
  }
  const Ps at = clock_.now();
  const auto bytes = static_cast<std::uint32_t>(request.get_data_length());
  Ps served = at + engine::transfer_ps(bytes, access->port_bandwidth);
  const Ps latency =
      request.is_write() ? write(at, *access, bytes, served) : read(at, *access, bytes, served);
  access->port_free = served;
  l2_bytes_ += bytes;
  delay += sc_core::sc_time(static_cast<double>(served + latency - at), sc_core::SC_PS);
  request.set_response_status(tlm::TLM_OK_RESPONSE);
}

Ps MemorySystem::read(Ps at, const TileAccess& access, std::uint32_t bytes, Ps& served) {
  const Ps slice = engine::transfer_ps(bytes, l2_.read_bandwidth);
  read_free_ = std::max(read_free_, at) + slice;
  read_busy_ += slice;
  served = std::max(served, read_free_);
  const Ps ready = cache_.find(access.key);
  if (ready >= 0) {
    // A tile still being filled for somebody else is waited for, not fetched twice.
    served = std::max(served, ready - hbm_.spec().latency);
    hit_bytes_ += bytes;
    return ready > at ? hbm_.spec().latency : l2_.latency;
  }
  if (starts_resident(access.key)) {
    hit_bytes_ += bytes;
    write_back(at, cache_.insert(access.key, bytes, 0, false));
    return l2_.latency;
  }
  served = std::max(served, hbm_.serve(at, access.key, bytes));
  write_back(at, cache_.insert(access.key, bytes, served + hbm_.spec().latency, false));
  return hbm_.spec().latency;
}

Ps MemorySystem::write(Ps at, const TileAccess& access, std::uint32_t bytes, Ps& served) {
  const Ps slice = engine::transfer_ps(bytes, l2_.write_bandwidth);
  write_free_ = std::max(write_free_, at) + slice;
  write_busy_ += slice;
  served = std::max(served, write_free_);
  write_back(at, cache_.insert(access.key, bytes, served, true));
  return l2_.latency;
}

void MemorySystem::write_back(Ps at, const std::vector<TileCache::Victim>& victims) {
  for (const TileCache::Victim& victim : victims) {
    hbm_.serve(at, victim.key, victim.bytes);
  }
}

engine::Statistics MemorySystem::statistics() const {
  engine::Statistics all = hbm_.statistics();
  all.push_back({"l2.bytes", "B", "Bytes between cores and L2", l2_bytes_});
  all.push_back({"l2.hit_bytes", "B", "Bytes read that were in L2 or on their way", hit_bytes_});
  all.push_back(
      {"l2.busy", "ps", "Busy time of the busier direction", static_cast<double>(l2_busy())});
  return all;
}

}  // namespace reticle::memory
