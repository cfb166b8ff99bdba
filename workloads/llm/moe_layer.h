#pragma once

#include "workloads/llm/layers.h"

namespace reticle::llm {

// Where the parts of an MoE layer run: kernels before dispatch, transfers, and the experts with
// what follows.
struct MoeStreams {
  Stream send = Stream::kAttention;
  Stream network = Stream::kAttention;
  Stream experts = Stream::kAttention;
};

// An MoE layer of one micro-batch in three parts, so that parts of another one may come between.
class MoeLayer {
 public:
  // `chain` ends with the layer's rmsnorm_ffn.
  MoeLayer(Chain chain, const StepContext& step, const MoeStreams& streams);

  void add_dispatch();  // gate to dispatch; the shared expert of the rank beside it
  void add_experts();   // the rank's slots, and combine
  void add_sum();       // what cores do with the returned rows
  const std::vector<int>& ends() const { return chain_.ends(); }

 private:
  void add_shared(int norm);

  Chain chain_;
  const StepContext& step_;
  MoeStreams streams_;
  int shared_ = -1;  // last node of the shared expert
};

}  // namespace reticle::llm
