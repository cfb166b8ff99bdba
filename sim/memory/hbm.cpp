#include "sim/memory/hbm.h"

#include <algorithm>

namespace reticle::memory {

namespace {

// Spreads tiles over channels; a fixed odd multiplier (Knuth's golden ratio hash) keeps it the same
// everywhere.
std::uint64_t scatter(std::uint64_t key) { return (key * 0x9E3779B97F4A7C15ULL) >> 32; }

}  // namespace

Hbm::Hbm(const HbmSpec& spec) : spec_(spec), next_free_(spec.channels, 0) {
  if (spec.dram) {
    service_.emplace(*spec.dram);
  }
}

void Hbm::reset() {
  std::fill(next_free_.begin(), next_free_.end(), 0);
  bytes_ = 0;
  busy_ = 0;
  backlog_.reset();
  write_share_ = 0;
}

double Hbm::rate(std::uint32_t run, std::uint32_t bytes, bool write) {
  if (!service_) {
    return spec_.channel_bandwidth;
  }
  const DramSpec& dram = service_->spec();
  const double held = 2.0 * dram.queue * dram.burst_bytes * spec_.channels;
  write_share_ += ((write ? 1 : 0) - write_share_) * std::min(1.0, bytes / held);
  return service_->bandwidth(run, write_share_);
}

engine::Ps Hbm::serve(engine::Ps at, std::uint64_t key, std::uint32_t bytes, bool write) {
  if (bytes == 0) {
    return at;
  }
  const std::uint32_t units = (bytes + spec_.interleave - 1) / spec_.interleave;
  const std::uint32_t stripes = std::min(units, spec_.channels);
  const std::uint64_t first = scatter(key) % spec_.channels;
  const std::uint32_t whole = units / stripes;
  const std::uint32_t longer = units % stripes;  // stripes with one unit more
  const double bandwidth = rate(std::min(bytes, whole * spec_.interleave), bytes, write);
  const auto service = [&](std::uint32_t stripe_units) {
    return engine::transfer_ps(static_cast<double>(bytes) * stripe_units / units, bandwidth);
  };
  const engine::Ps shorter_service = service(whole);
  const engine::Ps longer_service = longer == 0 ? 0 : service(whole + 1);
  auto channel = static_cast<std::uint32_t>(first);
  engine::Ps end = at;
  for (std::uint32_t i = 0; i < stripes; ++i) {
    engine::Ps& free = next_free_[channel];
    const engine::Ps work = i < longer ? longer_service : shorter_service;
    backlog_.add(at, free, work);
    free = std::max(free, at) + work;
    end = std::max(end, free);
    channel = channel + 1 == spec_.channels ? 0 : channel + 1;
  }
  busy_ += longer * longer_service + (stripes - longer) * shorter_service;
  bytes_ += bytes;
  return end + spec_.wait;
}

engine::Ps Hbm::busy() const { return busy_ / spec_.channels; }

engine::Statistics Hbm::statistics() const {
  return {{"hbm.bytes", "B", "Bytes between HBM and L2", bytes_},
          {"hbm.busy", "ps", "Busy time, averaged over channels", static_cast<double>(busy())}};
}

}  // namespace reticle::memory
