#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/kernels/tensor_gpu/gemm_tiling.h"

namespace reticle::kernels::tensor_gpu {

// One output tile: its part of A, B and C, by block number over all groups.
struct GemmTile {
  // A multicast operand comes in two halves, one a member of the cluster.
  struct Share {
    std::int64_t ways = 1;
    std::int64_t half = 0;
  };
  std::int64_t rows = 0;  // valid ones; 0: no tile here
  std::int64_t columns = 0;
  std::int64_t a = 0;
  std::int64_t b = 0;
  std::int64_t c = 0;
  std::int64_t group = 0;
  Share share_a;
  Share share_b;
};

struct GemmCluster {
  std::array<GemmTile, 2> tiles;
};

// All clusters of tiles, in the order persistent blocks take them: group after group, and within a
// group in bands of rows as high as keeps the operands of `sms` tiles at once smallest (L2 reuse).
// At most the first `most`.
std::vector<GemmCluster> raster(const GemmTiling& tiling, const GemmWork& work, std::int64_t sms,
                                std::int64_t most);

// How many there are.
std::int64_t clusters(const GemmTiling& tiling, const GemmWork& work);

// How often HBM delivers each byte of A and of B: again for every wave of tiles, or band of rows,
// if L2 no longer holds what the one before has read.
std::vector<double> gemm_fetches(const GemmTiling& tiling, const GemmWork& work,
                                 const Target& target);

}  // namespace reticle::kernels::tensor_gpu
