#include "workloads/llm/layers.h"

#include "schema/dtype.h"
#include "schema/operators.h"
#include "workloads/llm/parameters.h"

namespace reticle::llm {
namespace {

// q_a and kv_a in one GEMM, then q_b; returns the node that wrote the latents.
int add_projections(Chain& chain, const StepContext& step) {
  const Mla& mla = step.model.mla();
  const std::int64_t tokens = step.plan.tokens;
  const std::int64_t hidden = step.model.hidden();
  const Dtype linear = step.precision().linear();
  add_quantize(chain, "quantize_attn", tokens, hidden, linear);
  const int input = chain.last();
  const int latents = chain.add(
      "qkv_a", operators::gemm(tokens, mla.q_rank() + kv_elements(step.model), hidden, linear));
  const std::int64_t q_width = mla.heads() * (mla.nope_dim() + mla.rope_dim());
  if (mla.q_rank() == 0) {  // queries straight from the model width
    chain.add_reading(input, "q_b", operators::gemm(tokens, q_width, hidden, linear));
    return latents;
  }
  chain.add("rmsnorm_q", operators::rmsnorm(tokens, mla.q_rank()));
  add_quantize(chain, "quantize_q", tokens, mla.q_rank(), linear);
  chain.add("q_b", operators::gemm(tokens, q_width, mla.q_rank(), linear));
  return latents;
}

// Norm, positions and the cache; returns the node that wrote the key/value latent.
int add_latents(Chain& chain, const StepContext& step, int latents) {
  const Mla& mla = step.model.mla();
  const std::int64_t tokens = step.plan.tokens;
  const int queries = chain.last();
  const int norm =
      chain.add_reading(latents, "rmsnorm_kv", operators::rmsnorm(tokens, mla.kv_rank()));
  chain.add_reading(queries, "rope_q", operators::rope(tokens * mla.heads(), mla.rope_dim()));
  chain.add_reading(latents, "rope_k", operators::rope(tokens, mla.rope_dim()));
  const std::int64_t kv_row = data_bytes(kv_elements(step.model), step.precision().kv_cache());
  chain.add("kv_append", operators::copy(tokens * kv_row));
  return norm;
}

void add_absorbed(Chain& chain, const StepContext& step, int queries) {
  const Mla& mla = step.model.mla();
  const Plan& plan = step.plan;
  const Dtype dtype = step.precision().attention();
  chain.add_reading(
      queries, "absorb_q",
      operators::batched_gemm(mla.heads(), plan.tokens, mla.kv_rank(), mla.nope_dim(), dtype));
  chain.add("mla_core", operators::mla_decode(plan.sequences, plan.cached_tokens, plan.positions,
                                              mla.heads(), dtype));
  chain.add("absorb_v",
            operators::batched_gemm(mla.heads(), plan.tokens, mla.v_dim(), mla.kv_rank(), dtype));
}

// Keys and values of all heads from the latent; the rotary key, which heads share, is copied behind
// each head's own part, as the attention kernels want their rows.
void add_naive(Chain& chain, const StepContext& step, int norm) {
  const Mla& mla = step.model.mla();
  const Plan& plan = step.plan;
  const Dtype linear = step.precision().linear();
  int latent = norm;
  if (is_quantized(linear)) {
    latent = chain.add_reading(norm, "quantize_kv",
                               operators::quantize(plan.tokens, mla.kv_rank(), linear));
  }
  const std::int64_t width = mla.heads() * (mla.nope_dim() + mla.v_dim());
  chain.add_reading(latent, "kv_b", operators::gemm(plan.tokens, width, mla.kv_rank(), linear));
  const Dtype dtype = step.precision().attention();
  const std::int64_t keys = plan.tokens * mla.heads() * (mla.nope_dim() + mla.rope_dim());
  chain.add("k_concat", operators::copy(data_bytes(keys, dtype)));
  chain.add_fresh("mla_core",
                  operators::mla_prefill(plan.sequences, plan.positions, mla.heads(), dtype));
}

}  // namespace

void add_attention(Chain& chain, const StepContext& step, bool has_residual) {
  const std::int64_t tokens = step.plan.tokens;
  const std::int64_t hidden = step.model.hidden();
  const std::int64_t bytes = data_bytes(tokens * hidden, DTYPE_BFLOAT16);
  const Dtype linear = step.precision().linear();
  if (has_residual) {
    chain.add("residual_attn", operators::copy(bytes));
  }
  chain.add("rmsnorm_attn", operators::rmsnorm(tokens, hidden));
  const int latents = add_projections(chain, step);
  const int queries = chain.last();
  const int norm = add_latents(chain, step, latents);
  if (step.plan.phase == PHASE_PREFILL) {
    add_naive(chain, step, norm);
  } else {
    add_absorbed(chain, step, queries);
  }
  const std::int64_t v_width = step.model.mla().heads() * step.model.mla().v_dim();
  add_quantize(chain, "quantize_o", tokens, v_width, linear);
  chain.add("o_proj", operators::gemm(tokens, hidden, v_width, linear));
  chain.add("residual_ffn", operators::copy(bytes));
  chain.add("rmsnorm_ffn", operators::rmsnorm(tokens, hidden));
}

void add_dense(Chain& chain, const StepContext& step) {
  const std::int64_t tokens = step.plan.tokens;
  const std::int64_t hidden = step.model.hidden();
  const std::int64_t width = step.model.dense_width();
  const Dtype linear = step.precision().linear();
  add_quantize(chain, "quantize_ffn", tokens, hidden, linear);
  chain.add("gate_up", operators::gemm(tokens, 2 * width, hidden, linear));
  chain.add("swiglu", operators::swiglu(tokens, width, linear));
  chain.add("down", operators::gemm(tokens, hidden, width, linear));
}

}  // namespace reticle::llm
