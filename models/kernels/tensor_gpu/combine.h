#pragma once

#include <cstdint>
#include <vector>

#include "models/kernels/program_builder.h"
#include "schema/chip.pb.h"
#include "schema/operator.pb.h"

namespace reticle::kernels::tensor_gpu {

// Raised by every store of a partial result; the combination waits for all of them.
constexpr compute::Flag kPartialsStored = compute::kSharedFlags;

constexpr std::int64_t kCombineRows = 8;  // of a thread block of FlashMLA's combine kernel

// Some output rows whose partial results have to be summed.
struct CombinePiece {
  std::int64_t rows = 0;
  std::int64_t width = 0;
  std::vector<std::uint64_t> partials;  // tile keys
  std::uint64_t output = 0;
};

// Weighted sums of FP32 partial results, on one SM, piece after piece.
class Combiner {
 public:
  Combiner(FlagCounter& flags, const TensorGpu& gpu, Dtype out);

  // Once `stored` partial results of the whole chip are in L2.
  void add(const CombinePiece& piece, std::int64_t stored, compute::CoreProgram& program);

 private:
  const TensorGpu& gpu_;
  Dtype out_;
  Ring partials_;
  Ring combined_;
};

}  // namespace reticle::kernels::tensor_gpu
