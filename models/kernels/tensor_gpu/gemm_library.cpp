#include <algorithm>
#include <cmath>

#include "models/kernels/tensor_gpu/gemm_tiling.h"
#include "models/kernels/tensor_gpu/matrix_path.h"
#include "schema/dtype.h"

namespace reticle::kernels::tensor_gpu {

namespace {

using Sizes = std::vector<std::int64_t>;

template <class List>
Sizes sizes(const List& list) {
  return {list.begin(), list.end()};
}

// Without a list: cuBLAS and DeepGEMM on Hopper and later have all multiples of 16; kernels of
// Ampere, and templates for one scale a row and column (CUTLASS scaled_mm), powers of two from 64.
Sizes all_widths(const GemmWork& work, const Target& target) {
  const bool templates = is_quantized(work.dtype) && !promotes(work, target);
  if (templates || !has_producer(target.chip.tensor_gpu())) {
    return {64, 128, 256};
  }
  Sizes all;
  for (std::int64_t n = 16; n <= 256; n += 16) {
    all.push_back(n);
  }
  return all;
}

const GemmTiles* tiles_of(Dtype dtype, const Target& target) {
  for (const GemmTiles& tiles : target.variants.gemm()) {
    if (tiles.dtype() == dtype) {
      return &tiles;
    }
  }
  return nullptr;
}

const GemmDispatch* branch_of(const GemmTiles& tiles, const GemmWork& work) {
  for (const GemmDispatch& branch : tiles.dispatch()) {
    const bool takes = branch.most_rows() == 0 || work.rows.front() <= branch.most_rows();
    if (work.rows.size() == 1 && takes) {
      return &branch;
    }
  }
  return nullptr;
}

bool multicasts(const GemmTiles& tiles, const GemmWork& work) {
  const std::int64_t most = *std::max_element(work.rows.begin(), work.rows.end());
  return most >= tiles.multicast_rows() && (work.rows.size() == 1 || tiles.multicast_groups());
}

}  // namespace

GemmLibrary gemm_library(const GemmWork& work, const Target& target) {
  GemmLibrary library;
  library.multicasts = {Multicast::kNone, Multicast::kAlongM, Multicast::kAlongN};
  const GemmTiles* tiles = tiles_of(work.dtype, target);
  if (tiles == nullptr) {
    library.heights = {64, 128, 256};
    library.widths = all_widths(work, target);
    return library;
  }
  library.heights = sizes(tiles->rows());
  library.widths = sizes(tiles->columns());
  library.low_rows = tiles->low_rows();
  library.in_step = tiles->in_step();
  library.tile_by_tile = tiles->tile_by_tile();
  if (!multicasts(*tiles, work)) {
    library.multicasts = {Multicast::kNone};
  }
  if (const GemmDispatch* branch = branch_of(*tiles, work)) {
    library.heights = sizes(branch->rows());
    library.widths = sizes(branch->columns());
    library.transposed = branch->transposed();
    library.paired = branch->paired();
    if (branch->paired()) {
      library.multicasts = {Multicast::kAlongM};
    }
  }
  return library;
}

std::int64_t group_change_cycles(const GemmWork& work, const Target& target) {
  const bool changes = work.listed > 1 && !promotes(work, target);
  return changes ? std::llround(target.variants.group_change() * target.clock_hz) : 0;
}

std::int64_t group_walk_cycles(const GemmWork& work, const Target& target, std::int64_t group) {
  const GemmTiles* tiles = tiles_of(work.dtype, target);
  const bool own = tiles != nullptr && tiles->group_walk() > 0;
  const double seconds = own ? tiles->group_walk() : target.variants.group_walk();
  const double passed = static_cast<double>(work.listed) * static_cast<double>(group) /
                        static_cast<double>(work.rows.size());
  return std::llround(passed * seconds * target.clock_hz);
}

}  // namespace reticle::kernels::tensor_gpu
