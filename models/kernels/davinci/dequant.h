#pragma once

#include <cstdint>
#include <vector>

#include "models/kernels/davinci/cube_writer.h"
#include "models/kernels/davinci/gemm_tiling.h"
#include "models/kernels/mapping.h"

namespace reticle::kernels::davinci {

class DequantWriter;

// One cube core and the vector cores that scale its int32 sums by token and channel. The sums cross
// L2 through a workspace of two tiles; a flag says that a tile is there, another that it was read.
class DequantLink {
 public:
  DequantLink(const GemmWork& work, const Target& target, std::uint32_t cube_core,
              std::uint32_t workspace_tensor, std::uint32_t output_tensor);
  ~DequantLink();

  // Stores the accumulator tile for the vector cores and has them scale it; `number` is the tile's.
  void hand_over(CubeWriter& cube, const GemmTile& tile, std::uint64_t number);

  // Appends the lengths of the vector cores' queues so far, a list a core.
  void add_lengths(std::vector<std::vector<std::size_t>>& lengths) const;

  // Adds the vector cores' programs, the shared flags and the workspace.
  void append_to(compute::TileProgram& program);

 private:
  std::uint32_t cube_core_;
  std::uint32_t workspace_tensor_;
  std::uint32_t output_tensor_;
  double largest_tile_ = 0;           // bytes of sums
  std::vector<std::uint32_t> reads_;  // per tile handed over: reads up to and including it
  std::vector<DequantWriter> writers_;
};

}  // namespace reticle::kernels::davinci
