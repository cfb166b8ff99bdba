#include "study/retarget/waves.h"

#include <algorithm>

namespace reticle::study {
namespace {

constexpr std::int64_t kBlocks = 32;
constexpr std::int64_t kThreads = 2048;
constexpr std::int64_t kRegisters = 65536;
constexpr std::int64_t kSharedBytes = 227 * 1024;
constexpr std::int64_t kSystemSharedBytes = 1024;  // of every block

std::int64_t blocks(const traces::Details& launch) {
  return std::int64_t{launch.grid[0]} * launch.grid[1] * launch.grid[2];
}

std::int64_t waves(std::int64_t blocks, std::int64_t places) {
  return (blocks + places - 1) / places;
}

}  // namespace

std::int64_t resident_blocks(const traces::Details& launch) {
  const std::int64_t threads =
      std::max<std::int64_t>(std::int64_t{launch.block[0]} * launch.block[1] * launch.block[2], 1);
  const std::int64_t registers = std::max<std::int64_t>(launch.registers, 1) * threads;
  const std::int64_t fit =
      std::min({kBlocks, kThreads / threads, kRegisters / registers,
                kSharedBytes / (launch.shared_memory_bytes + kSystemSharedBytes)});
  return std::max<std::int64_t>(fit, 1);
}

std::int64_t sms_of(const traces::Details& launch) {
  return waves(blocks(launch), resident_blocks(launch));
}

std::int64_t turns(const traces::Details& launch, std::int64_t sms, std::int64_t taken) {
  const std::int64_t each = resident_blocks(launch);
  const std::int64_t all = blocks(launch);
  if (all == 0 || taken <= 0 || taken >= sms || waves(all, each * sms) > 1) {
    return 1;
  }
  return waves(all, each * (sms - taken));
}

std::int64_t turnover_ps(const traces::Details& launch, std::int64_t sms, std::int64_t trip_ps) {
  const std::int64_t all = blocks(launch);
  return all == 0 ? 0 : waves(all, resident_blocks(launch) * sms) * trip_ps;
}

}  // namespace reticle::study
