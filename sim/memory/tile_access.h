#pragma once

#include <cstdint>
#include <tlm>

#include "sim/engine/time.h"

namespace reticle::memory {

// A tile's address: tensor in the top 16 bits, tile number below.
constexpr std::uint64_t tile_key(std::uint32_t tensor, std::uint64_t tile) {
  return (std::uint64_t{tensor} << 48) | tile;
}
constexpr std::uint32_t tensor_of(std::uint64_t key) {
  return static_cast<std::uint32_t>(key >> 48);
}

// What a TLM request needs beyond command and length: which tile, and (in the answer) when the
// requester's port is free again, which is before the data are there by the latency.
struct TileAccess : tlm::tlm_extension<TileAccess> {
  std::uint64_t key = 0;
  double port_bandwidth = 0;  // B/s of the requester's port
  bool pipelined = false;     // the requester asks on before this request is served
  engine::Ps port_free = 0;   // answer

  tlm::tlm_extension_base* clone() const override { return new TileAccess(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    *this = static_cast<const TileAccess&>(other);
  }
};

}  // namespace reticle::memory
