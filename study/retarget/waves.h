#pragma once

#include <cstdint>

#include "workloads/traces/recording.h"

namespace reticle::study {

// Blocks of a launch that an SM holds at once, by its threads, registers and shared memory (CUDA C
// Programming Guide, table of compute capabilities 8.0 to 10.0: the same for all).
std::int64_t resident_blocks(const traces::Details& launch);

// SMs that a launch needs to have all its blocks at work; 0 if its grid is not known.
std::int64_t sms_of(const traces::Details& launch);

// How many times longer a launch takes because transfers hold `taken` of a chip's `sms`. A grid
// that was sized to fill the chip once needs a second turn for the blocks that find no place, and
// each of them works as long as those of the first.
std::int64_t turns(const traces::Details& launch, std::int64_t sms, std::int64_t taken);

// Least time of a launch on `sms`: a block keeps its place for at least one trip to memory.
std::int64_t turnover_ps(const traces::Details& launch, std::int64_t sms, std::int64_t trip_ps);

}  // namespace reticle::study
