#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "schema/model.pb.h"
#include "workloads/traces/launch_order.h"
#include "workloads/traces/recognise.h"
#include "workloads/traces/weights.h"

namespace reticle::traces {

// Shapes of matrix products, kernel after kernel in order of launch. Persistent kernels (a grid of
// as many blocks as SMs) do not show m and n, so those come from around them: m from the
// quantisation before, k from the shared memory that scales take, n from the weight that has this
// k, or that was transposed just before (a data gradient), or whose operands were transposed (a
// weight gradient).
class GemmShapes {
 public:
  // `tokens`: rows of a rank's micro-batch; `ranks` share the routed experts.
  GemmShapes(const Model& model, std::int64_t tokens, std::int64_t ranks);

  // To be told of every kernel in order; what does not matter to shapes is passed over.
  void see(const LaunchedKernel& kernel);
  // A kernel of class gemm or grouped_gemm. `next_k`: of the next grouped GEMM, 0 for none.
  RecognisedKernel shape(const LaunchedKernel& kernel, std::int64_t next_k);

  // k of a kernel of DeepSeek's FP8 GEMMs, 0 if it is none.
  static std::int64_t depth(const LaunchedKernel& kernel);
  std::int64_t tokens() const { return tokens_; }
  std::int64_t expert_rows() const { return expert_rows_; }

 private:
  struct Operand {  // cast to FP8 and transposed, for a weight gradient
    std::int64_t width_tiles = 0;
    std::int64_t rows = 0;
  };
  struct Gradient {
    const Weight* weight = nullptr;
    std::int64_t rows = 0;
    std::int64_t left = 1;  // GEMMs to come: one an expert
  };

  void see_operand(const Operand& operand);
  const Weight* weight_of(std::int64_t tiles_a, std::int64_t tiles_b, bool expert) const;
  RecognisedKernel forward_or_data(const LaunchedKernel& kernel, std::int64_t k);
  RecognisedKernel grouped(std::int64_t k, std::int64_t next_k);
  RecognisedKernel weight_gradient();
  RecognisedKernel tiled(const LaunchedKernel& kernel) const;

  std::vector<Weight> weights_;
  std::int64_t hidden_ = 0;
  std::int64_t routed_ = 0;
  std::int64_t experts_ = 1;  // of a rank
  std::int64_t tokens_ = 0;
  std::int64_t rows_ = 0;         // of the last quantisation
  std::int64_t expert_rows_ = 0;  // of the last that was not of all tokens
  std::int64_t transposed_tiles_ = 0;
  std::map<std::uint32_t, std::size_t> cursor_;  // next weight of a forward pass, by thread
  std::vector<Operand> operands_;
  std::deque<Gradient> gradients_;
  Gradient expert_gradient_{nullptr, 0, 0};
};

}  // namespace reticle::traces
