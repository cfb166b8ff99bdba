#include "schema/operators.h"

namespace reticle::operators {

Operator gemm(std::int64_t m, std::int64_t n, std::int64_t k, Dtype dtype, Dtype out_dtype) {
  Operator op;
  Gemm* g = op.mutable_gemm();
  g->set_m(m);
  g->set_n(n);
  g->set_k(k);
  g->set_dtype(dtype);
  g->set_out_dtype(out_dtype);
  return op;
}

Operator batched_gemm(std::int64_t groups, std::int64_t m, std::int64_t n, std::int64_t k,
                      Dtype dtype) {
  Operator op;
  BatchedGemm* g = op.mutable_batched_gemm();
  g->set_groups(groups);
  g->set_m(m);
  g->set_n(n);
  g->set_k(k);
  g->set_dtype(dtype);
  g->set_out_dtype(DTYPE_BFLOAT16);
  return op;
}

Operator grouped_gemm(const std::vector<std::int64_t>& rows, std::int64_t n, std::int64_t k,
                      Dtype dtype) {
  Operator op;
  GroupedGemm* g = op.mutable_grouped_gemm();
  g->set_groups(static_cast<std::int64_t>(rows.size()));
  g->set_n(n);
  g->set_k(k);
  g->set_dtype(dtype);
  g->set_out_dtype(DTYPE_BFLOAT16);
  for (const std::int64_t m : rows) {
    g->add_m_list(m);
  }
  return op;
}

Operator mla_decode(std::int64_t batch, std::int64_t kv_len, std::int64_t q_len, std::int64_t heads,
                    Dtype dtype) {
  Operator op;
  MlaDecode* mla = op.mutable_mla_decode();
  mla->set_batch_size(batch);
  mla->set_kv_len(kv_len);
  mla->set_q_len(q_len);
  mla->set_num_heads(heads);
  mla->set_dtype(dtype);
  return op;
}

Operator mla_prefill(std::int64_t batch, std::int64_t isl, std::int64_t heads, Dtype dtype) {
  Operator op;
  MlaPrefill* mla = op.mutable_mla_prefill();
  mla->set_batch_size(batch);
  mla->set_isl(isl);
  mla->set_num_heads(heads);
  mla->set_dtype(dtype);
  return op;
}

Operator rmsnorm(std::int64_t m, std::int64_t n) {
  Operator op;
  op.mutable_rmsnorm()->set_m(m);
  op.mutable_rmsnorm()->set_n(n);
  op.mutable_rmsnorm()->set_dtype(DTYPE_BFLOAT16);
  return op;
}

Operator swiglu(std::int64_t m, std::int64_t n, Dtype out_dtype) {
  Operator op;
  op.mutable_swiglu()->set_m(m);
  op.mutable_swiglu()->set_n(n);
  op.mutable_swiglu()->set_dtype(DTYPE_BFLOAT16);
  op.mutable_swiglu()->set_out_dtype(out_dtype);
  return op;
}

Operator rope(std::int64_t m, std::int64_t n) {
  Operator op;
  op.mutable_rope()->set_m(m);
  op.mutable_rope()->set_n(n);
  op.mutable_rope()->set_dtype(DTYPE_BFLOAT16);
  return op;
}

Operator quantize(std::int64_t m, std::int64_t n, Dtype dtype) {
  Operator op;
  op.mutable_quantize()->set_m(m);
  op.mutable_quantize()->set_n(n);
  op.mutable_quantize()->set_dtype(dtype);
  return op;
}

Operator topk(std::int64_t m, std::int64_t n, std::int64_t k) {
  Operator op;
  op.mutable_topk()->set_m(m);
  op.mutable_topk()->set_n(n);
  op.mutable_topk()->set_k(k);
  return op;
}

Operator copy(std::int64_t bytes) {
  Operator op;
  op.mutable_copy()->set_bytes(bytes);
  return op;
}

Operator permute(std::int64_t m, std::int64_t n, std::int64_t copies, Dtype dtype) {
  Operator op;
  op.mutable_permute()->set_m(m);
  op.mutable_permute()->set_n(n);
  op.mutable_permute()->set_copies(copies);
  op.mutable_permute()->set_dtype(dtype);
  return op;
}

Operator unpermute(std::int64_t m, std::int64_t n, std::int64_t copies, Dtype dtype) {
  Operator op;
  op.mutable_unpermute()->set_m(m);
  op.mutable_unpermute()->set_n(n);
  op.mutable_unpermute()->set_copies(copies);
  op.mutable_unpermute()->set_dtype(dtype);
  return op;
}

Operator softmax(std::int64_t m, std::int64_t n, Dtype dtype) {
  Operator op;
  op.mutable_softmax()->set_m(m);
  op.mutable_softmax()->set_n(n);
  op.mutable_softmax()->set_dtype(dtype);
  return op;
}

}  // namespace reticle::operators
