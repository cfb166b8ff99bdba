#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/kernels/mapping.h"

namespace reticle::kernels::tensor_gpu {

// How thread blocks of a cluster of two share operands by TMA multicast: neighbours along M load
// half of B each, neighbours along N half of A.
enum class Multicast { kNone, kAlongM, kAlongN };

// One way to cut a GEMM. A consumer warpgroup is 128 threads and owns 64 or more rows.
struct GemmTiling {
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t k = 0;  // elements of k a shared-memory stage holds: 128 B, the swizzle width
  std::int64_t stages = 0;
  std::int64_t warpgroups = 1;  // of one tile
  bool ping_pong = false;       // a second accumulator: epilogue beside the next tile's wgmma
  std::int64_t resident = 1;    // thread blocks that share an SM, where blocks do not stay
  bool swapped = false;         // rows of the tile run along n: C is computed column by column
  Multicast multicast = Multicast::kNone;
  std::int64_t splits = 1;    // of k over thread blocks; their FP32 sums are added in a second pass
  bool in_step = false;       // warpgroups multiply together and promote together
  bool tile_by_tile = false;  // nothing of a tile begins before the one before has been stored

  bool cooperative() const { return warpgroups > 1; }
  std::int64_t blocks_m() const { return multicast == Multicast::kAlongM ? 2 : 1; }
  std::int64_t blocks_n() const { return multicast == Multicast::kAlongN ? 2 : 1; }
  std::int64_t cluster() const { return blocks_m() * blocks_n(); }
  std::string text() const;
};

// What a stage and a tile cost one SM, in cycles and bytes; the same numbers go into the tile
// program and into the choice of the tiling.
struct GemmSteps {
  std::int64_t mma = 0;             // tensor core and shared memory: one k step of one warpgroup
  std::int64_t mma_tensor = 0;      // multiply-add cycles in it
  std::int64_t mma_smem = 0;        // shared-memory cycles in it
  std::int64_t gap = 0;             // between steps of a block that has its SM to itself (cp.async)
  std::int64_t local_bytes = 0;     // shared memory moves for it, where registers hold operands
  std::int64_t promotion = 0;       // FP32 adds of one k step of one warpgroup; 0: none
  std::int64_t promotion_wait = 0;  // what a warpgroup waits around them
  std::int64_t convert_fp32 = 0;    // CUDA-core cycles of one piece of the epilogue
  std::int64_t convert_smem = 0;    // shared-memory cycles of one piece
};

constexpr std::int64_t kWgmmaRows = 64;  // wgmma.m64nNk16

// What a warpgroup brings from registers to shared memory at a time for the TMA to store: 64 rows
// of 128 bytes (the swizzle width); of a split tile a few whole rows in FP32, as they are summed.
struct GemmPiece {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t staged = 2;  // of them in shared memory at once
};
GemmPiece gemm_piece(const GemmTiling& tiling, const GemmWork& work);

// `depth` elements of k in the step (the last one of a tile may be short).
GemmSteps gemm_steps(const GemmTiling& tiling, const GemmWork& work, const Target& target,
                     std::int64_t depth);

// Whether a block stays on its SM and loads ahead of its epilogue; else one block after another
// works there (Ampere, Ada), and the output leaves through the stages' memory.
bool persistent(const TensorGpu& gpu);

// What an SM waits when its next tile is of another group. DeepGEMM has one tensor map for all.
std::int64_t group_change_cycles(const GemmWork& work, const Target& target);

// What its scheduler takes to go from the first of the groups with rows to the `group`-th, past
// those of the list that have none.
std::int64_t group_walk_cycles(const GemmWork& work, const Target& target, std::int64_t group);

// Whether the tensor core applies the scales of blocks (tcgen05 block_scale).
bool scales_in_tensor_core(const GemmWork& work, const Target& target);

// Whether partial sums leave the tensor core every 128 of k (block-scaled FP8, DeepGEMM).
bool promotes(const GemmWork& work, const Target& target);

// The kernels among which a library chooses for one GEMM (`software.kernels.gemm`).
struct GemmLibrary {
  std::vector<std::int64_t> heights;
  std::vector<std::int64_t> widths;
  std::vector<Multicast> multicasts;
  bool paired = false;        // clusters keep their shape where a block has nothing to do
  bool transposed = true;     // kernels that compute C^T are among them
  std::int64_t low_rows = 0;  // up to so many rows take the lowest tiles only, others the rest
  bool in_step = false;       // as of a tiling
  bool tile_by_tile = false;
};
GemmLibrary gemm_library(const GemmWork& work, const Target& target);

// Its tilings whose stages fit in shared memory and whose accumulators fit in registers.
std::vector<GemmTiling> gemm_candidates(const GemmWork& work, const GemmLibrary& library,
                                        const Target& target);

// Estimated cycles of the whole kernel: busiest of SMs, L2 and HBM, plus fill and drain.
double gemm_cost(const GemmTiling& tiling, const GemmWork& work, const Target& target);

// The work as the tiling sees it: C^T = B^T A^T if swapped. A library does that for few rows, so
// that B fills the rows of the matrix instruction (cuBLAS always may; CUTLASS scaled_mm).
GemmWork as_tiled(const GemmTiling& tiling, const GemmWork& work);

// The cheapest candidate of both orientations; DeepGEMM's choice for block-scaled FP8 with
// promotion: the fewest waves of tiles, then the fullest last wave, then the narrowest or lowest,
// and of two that differ in both the wider (get_best_configs of March and of July 2025, recalled).
GemmTiling choose_gemm_tiling(const GemmWork& work, const Target& target);

}  // namespace reticle::kernels::tensor_gpu
