#include "workloads/traces/weights.h"

namespace reticle::traces {

std::vector<Weight> layer_weights(const Model& model) {
  std::vector<Weight> out;
  if (!model.has_mla()) {
    return out;
  }
  const Mla& mla = model.mla();
  const std::int64_t hidden = model.hidden();
  const std::int64_t query = mla.heads() * (mla.nope_dim() + mla.rope_dim());
  if (mla.q_rank() > 0) {
    out.push_back({"q_a", mla.q_rank(), hidden});
  }
  out.push_back({"kv_a", mla.kv_rank() + mla.rope_dim(), hidden});
  out.push_back({"q_b", query, mla.q_rank() > 0 ? mla.q_rank() : hidden});
  out.push_back({"kv_b", mla.heads() * (mla.nope_dim() + mla.v_dim()), mla.kv_rank()});
  out.push_back({"o_proj", hidden, mla.heads() * mla.v_dim()});
  if (model.has_experts()) {
    const Experts& experts = model.experts();
    const std::int64_t shared = experts.shared() * experts.width();
    out.push_back({"shared gate_up", 2 * shared, hidden});
    out.push_back({"shared down", hidden, shared});
    out.push_back({"expert gate_up", 2 * experts.width(), hidden, true});
    out.push_back({"expert down", hidden, experts.width(), true});
  }
  return out;
}

}  // namespace reticle::traces
