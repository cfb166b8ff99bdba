#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/engine/statistics.h"
#include "sim/engine/time.h"
#include "sim/memory/backlog.h"
#include "sim/memory/dram_service.h"

namespace reticle::memory {

struct HbmSpec {
  std::uint32_t channels = 1;    // pseudo-channels
  double channel_bandwidth = 0;  // B/s a channel delivers to a stream; all there is without `dram`
  engine::Ps latency = 0;        // load to use, unloaded
  std::uint32_t interleave = 512;               // bytes that stay on one channel
  std::optional<DramSpec> dram = std::nullopt;  // banks of a channel
  engine::Ps wait = 0;                          // of every request, behind those of other kernels
};

// HBM as channels that each serve requests in order of arrival. A request is striped over as many
// channels as it has interleave units. The rate of a channel is the bank-level steady state of that
// pattern: the bytes a channel gets of one request, and the share of writes in recent traffic.
class Hbm {
 public:
  explicit Hbm(const HbmSpec& spec);
  void reset();

  // Serves `bytes` of the tile with this address key from `at` on; returns when the last byte has
  // left (latency not included). Requests must come in order of time.
  engine::Ps serve(engine::Ps at, std::uint64_t key, std::uint32_t bytes, bool write = false);

  const HbmSpec& spec() const { return spec_; }
  double bandwidth() const { return spec_.channel_bandwidth * spec_.channels; }
  double bytes() const { return bytes_; }
  engine::Ps busy() const;  // averaged over channels
  // Work that waits in a channel, averaged over channels and `elapsed`.
  engine::Ps backlog(engine::Ps elapsed) const { return backlog_.mean(elapsed, spec_.channels); }
  engine::Statistics statistics() const;

 private:
  double rate(std::uint32_t run, std::uint32_t bytes, bool write);

  HbmSpec spec_;
  std::optional<DramService> service_;
  double write_share_ = 0;  // of as many recent bytes as the controllers hold
  std::vector<engine::Ps> next_free_;
  double bytes_ = 0;
  engine::Ps busy_ = 0;  // summed over channels
  Backlog backlog_;      // of all channels
};

}  // namespace reticle::memory
