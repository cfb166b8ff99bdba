#include "workloads/llm/parameters.h"

namespace reticle::llm {
namespace {

void add_attention(std::vector<Weight>& weights, const Model& model, std::int64_t layers) {
  const Mla& mla = model.mla();
  const std::int64_t q_width = mla.heads() * (mla.nope_dim() + mla.rope_dim());
  const std::int64_t q_input = mla.q_rank() > 0 ? mla.q_rank() : model.hidden();
  const WeightKind kind = WeightKind::kProjection;
  weights.push_back({kind, layers, mla.q_rank() + kv_elements(model), model.hidden()});
  weights.push_back({kind, layers, q_width, q_input});
  weights.push_back(
      {WeightKind::kAbsorbed, layers, mla.heads() * (mla.nope_dim() + mla.v_dim()), mla.kv_rank()});
  weights.push_back({kind, layers, model.hidden(), mla.heads() * mla.v_dim()});
}

void add_ffn(std::vector<Weight>& weights, WeightKind kind, std::int64_t count, std::int64_t hidden,
             std::int64_t width) {
  weights.push_back({kind, count, 2 * width, hidden});
  weights.push_back({kind, count, hidden, width});
}

void add_moe(std::vector<Weight>& weights, const Model& model, std::int64_t layers) {
  const Experts& experts = model.experts();
  weights.push_back({WeightKind::kRouter, layers, experts.routed(), model.hidden()});
  add_ffn(weights, WeightKind::kRouted, layers * experts.routed(), model.hidden(), experts.width());
  if (experts.shared() > 0) {
    add_ffn(weights, WeightKind::kShared, layers, model.hidden(),
            experts.shared() * experts.width());
  }
}

}  // namespace

std::vector<Weight> model_weights(const Model& model) {
  std::vector<Weight> weights;
  add_attention(weights, model, model.layers());
  add_ffn(weights, WeightKind::kDense, model.dense_layers(), model.hidden(), model.dense_width());
  add_moe(weights, model, model.layers() - model.dense_layers());
  weights.push_back({WeightKind::kEmbedding, 1, model.vocabulary(), model.hidden()});
  if (!model.tied_embeddings()) {
    weights.push_back({WeightKind::kHead, 1, model.vocabulary(), model.hidden()});
  }
  return weights;
}

std::vector<Weight> mtp_module_weights(const Model& model) {
  std::vector<Weight> weights;
  weights.push_back({WeightKind::kMtpProjection, 1, model.hidden(), 2 * model.hidden()});
  add_attention(weights, model, 1);
  add_moe(weights, model, 1);
  return weights;
}

std::int64_t total_parameters(const Model& model) {
  std::int64_t total = 0;
  for (const Weight& weight : model_weights(model)) {
    total += weight.count * weight.n * weight.k;
  }
  return total;
}

std::int64_t active_parameters(const Model& model) {
  std::int64_t active = 0;
  for (const Weight& weight : model_weights(model)) {
    std::int64_t count = weight.count;
    if (weight.kind == WeightKind::kRouted) {
      count = count / model.experts().routed() * model.experts().topk();
    }
    if (weight.kind != WeightKind::kEmbedding || model.tied_embeddings()) {
      active += count * weight.n * weight.k;
    }
  }
  return active;
}

std::int64_t model_operations_per_token(const Model& model, std::int64_t cached_tokens) {
  const Mla& mla = model.mla();
  const std::int64_t head_width = mla.nope_dim() + mla.rope_dim() + mla.v_dim();
  return 2 * active_parameters(model) +
         2 * model.layers() * cached_tokens * mla.heads() * head_width;
}

std::int64_t kv_elements(const Model& model) {
  return model.mla().kv_rank() + model.mla().rope_dim();
}

}  // namespace reticle::llm
