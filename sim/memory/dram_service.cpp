#include "sim/memory/dram_service.h"

#include <algorithm>
#include <cmath>

#include "sim/memory/dram_controller.h"

namespace reticle::memory {

namespace {

constexpr int kShares = 8;
constexpr double kRefreshPeriods = 16;    // as long as this is simulated
constexpr std::uint64_t kRuns = 1 << 20;  // places a run may start at

// SplitMix64 (Steele et al. 2014): addresses that differ everywhere and are the same everywhere.
std::uint64_t scatter(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15ULL;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

std::uint32_t rounded(std::uint32_t run, const DramSpec& spec) {
  std::uint32_t power = spec.burst_bytes;
  while (power < run && power < 2 * spec.page_bytes) {
    power *= 2;
  }
  return power;
}

double simulate(const DramSpec& spec, std::uint32_t run, int eighths) {
  const double pin = static_cast<double>(spec.burst_bytes) / static_cast<double>(spec.burst);
  const double wanted = kRefreshPeriods * static_cast<double>(spec.tREFI) * pin;
  DramController controller(spec);
  double bytes = 0;
  int writes = 0;
  for (std::uint64_t i = 0; bytes < wanted; ++i) {
    writes += eighths;
    const bool write = writes >= kShares;
    writes -= write ? kShares : 0;
    push_bytes(controller, spec, scatter(i) % kRuns * run, run, write);
    bytes += run;
  }
  return bytes * 1e12 / static_cast<double>(controller.run());
}

}  // namespace

double DramService::bandwidth(std::uint32_t run, double write_share) {
  const std::uint32_t size = rounded(run, spec_);
  const int eighths = static_cast<int>(std::lround(write_share * kShares));
  const auto [entry, is_new] = known_.try_emplace({size, eighths}, 0);
  if (is_new) {
    entry->second = simulate(spec_, size, eighths);
  }
  return entry->second;
}

}  // namespace reticle::memory
