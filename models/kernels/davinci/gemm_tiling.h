#pragma once

#include <cstdint>
#include <vector>

#include "models/kernels/davinci/core_units.h"
#include "models/kernels/mapping.h"

namespace reticle::kernels::davinci {

// How a GEMM is cut: base tiles of m x n that accumulate in L0C, fed in L0 steps of `k` out of L1
// blocks of `l1_k`.
struct GemmTiling {
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t k = 0;
  std::int64_t l1_k = 0;
  std::uint32_t l1_blocks = 0;    // K blocks of A and B that L1 holds
  std::uint32_t l0c_buffers = 0;  // 2 where two accumulator tiles fit
};

// Bytes of one element of the sums as they leave L0C.
double sum_bytes(const GemmWork& work, const Target& target);

// Weights of quantised matmuls are kept in fractals (FRACTAL_NZ); all else lies in rows.
Layout layout_of_b(const GemmWork& work);

// Whether int32 sums go to vector cores to be scaled.
bool dequantises_on_vector_cores(const GemmWork& work, const Target& target);

// The candidate with the least estimated time; every multiple of the fractal that fits the buffers
// is a candidate. Throws UsageError if the chip has no unit for the type.
GemmTiling choose_gemm_tiling(const GemmWork& work, const Target& target);

// Estimated cycles of the kernel in closed form, from the same parameters as the simulation: waves
// of tiles, each bound by its slowest engine or by the HBM share of the wave, plus the fill.
double estimate_gemm_cycles(const GemmWork& work, const Target& target, const GemmTiling& tiling);

// One base tile: rows and columns [.., ..) of one group.
struct GemmTile {
  std::size_t group = 0;
  std::int64_t row_block = 0;  // over all groups
  std::int64_t column_block = 0;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
};

// All tiles in the order in which cores take them: bands of rows (or of columns) whose panels fill
// at most half of L2, walked across, so that panels are read from HBM about once.
std::vector<GemmTile> gemm_tiles(const GemmWork& work, const Target& target,
                                 const GemmTiling& tiling);

}  // namespace reticle::kernels::davinci
