#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/model.pb.h"

namespace reticle::traces {

// A weight matrix of a layer: C[m, out] = A[m, in] W.
struct Weight {
  std::string name;  // q_a, kv_a, q_b, kv_b, o_proj, gate, gate_up, down
  std::int64_t out = 0;
  std::int64_t in = 0;
  bool expert = false;  // one a routed expert
};

// The weights of an MoE layer with MLA in the order a forward pass meets them; the shared expert's
// gate_up and down have the widths of all shared experts together. Empty without MLA.
std::vector<Weight> layer_weights(const Model& model);

}  // namespace reticle::traces
