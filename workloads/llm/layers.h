#pragma once

#include "workloads/llm/chain.h"

namespace reticle::llm {

// What the layers of one step have in common.
struct StepContext {
  const Scenario& scenario;
  const Model& model;
  const Plan& plan;
  const Transfers& transfers;

  const Precision& precision() const { return scenario.precision(); }
};

// residual_attn (unless the layer is the first on its input) to rmsnorm_ffn: absorbed MLA over the
// cache in decode, keys and values of every head in prefill.
void add_attention(Chain& chain, const StepContext& step, bool has_residual);
void add_dense(Chain& chain, const StepContext& step);

}  // namespace reticle::llm
