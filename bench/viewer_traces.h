#pragma once

#include <cstdint>
#include <filesystem>

namespace reticle::bench {

constexpr int kTracks = 100;

// A trace of so many slices of 50 names in kTracks tracks, 400 ns each with gaps of 100 ns on
// average; written to the temporary folder once.
std::filesystem::path random_trace(std::int64_t slices);

}  // namespace reticle::bench
