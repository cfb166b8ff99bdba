#include "workloads/llm/operators.h"

#include <stdexcept>

#include "schema/dtype.h"

namespace reticle::llm {
namespace {

// Key and value widths that mla_prefill is defined for (design section 5).
constexpr std::int64_t kNaiveKey = 192;
constexpr std::int64_t kNaiveValue = 128;

std::int64_t total_rows(const GroupedGemm& op) {
  std::int64_t rows = 0;
  for (const std::int64_t m : op.m_list()) {
    rows += m;
  }
  return rows;
}

std::int64_t mla_operations(const MlaDecode& op) {
  return 2 * op.batch_size() * op.q_len() * op.kv_len() * op.num_heads() *
         (kLatentWidth + kRopeWidth + kLatentWidth);
}

std::int64_t mla_operations(const MlaPrefill& op) {
  return op.batch_size() * op.isl() * op.isl() * op.num_heads() * (kNaiveKey + kNaiveValue);
}

template <class Rows>
std::int64_t row_bytes(const Rows& op, Dtype dtype) {
  return data_bytes(op.m() * op.n(), dtype);
}

std::int64_t activation_bytes(const Operator& op) {
  switch (op.op_case()) {
    case Operator::kGemm:
      return data_bytes(op.gemm().m() * op.gemm().k(), op.gemm().dtype());
    case Operator::kBatchedGemm:
      return data_bytes(op.batched_gemm().groups() * op.batched_gemm().m() * op.batched_gemm().k(),
                        op.batched_gemm().dtype());
    case Operator::kGroupedGemm:
      return data_bytes(total_rows(op.grouped_gemm()) * op.grouped_gemm().k(),
                        op.grouped_gemm().dtype());
    case Operator::kMlaDecode:
      return data_bytes(op.mla_decode().batch_size() * op.mla_decode().q_len() *
                            op.mla_decode().num_heads() * (kLatentWidth + kRopeWidth),
                        op.mla_decode().dtype());
    case Operator::kMlaPrefill:
      return data_bytes(op.mla_prefill().batch_size() * op.mla_prefill().isl() *
                            op.mla_prefill().num_heads() * kNaiveKey,
                        op.mla_prefill().dtype());
    case Operator::kRmsnorm:
      return row_bytes(op.rmsnorm(), op.rmsnorm().dtype());
    case Operator::kSwiglu:
      return 2 * row_bytes(op.swiglu(), op.swiglu().dtype());
    case Operator::kRope:
      return row_bytes(op.rope(), op.rope().dtype());
    case Operator::kQuantize:
      return row_bytes(op.quantize(), DTYPE_BFLOAT16);
    case Operator::kTopk:
      return row_bytes(op.topk(), DTYPE_FLOAT32);
    case Operator::kCopy:
      return op.copy().bytes();
    case Operator::kPermute:
      return row_bytes(op.permute(), op.permute().dtype());
    case Operator::kUnpermute:
      return op.unpermute().copies() * row_bytes(op.unpermute(), op.unpermute().dtype());
    case Operator::kSoftmax:
      return row_bytes(op.softmax(), op.softmax().dtype());
    default:
      throw std::logic_error("not an operator of a step");
  }
}

}  // namespace

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

std::int64_t matrix_operations(const Operator& op) {
  switch (op.op_case()) {
    case Operator::kGemm:
      return 2 * op.gemm().m() * op.gemm().n() * op.gemm().k();
    case Operator::kBatchedGemm:
      return 2 * op.batched_gemm().m() * weight_elements(op);
    case Operator::kGroupedGemm:
      return 2 * total_rows(op.grouped_gemm()) * op.grouped_gemm().n() * op.grouped_gemm().k();
    case Operator::kMlaDecode:
      return mla_operations(op.mla_decode());
    case Operator::kMlaPrefill:
      return mla_operations(op.mla_prefill());
    default:
      return 0;
  }
}

std::int64_t weight_elements(const Operator& op) {
  switch (op.op_case()) {
    case Operator::kGemm:
      return op.gemm().n() * op.gemm().k();
    case Operator::kBatchedGemm:
      return op.batched_gemm().groups() * op.batched_gemm().n() * op.batched_gemm().k();
    case Operator::kGroupedGemm:
      return op.grouped_gemm().groups() * op.grouped_gemm().n() * op.grouped_gemm().k();
    default:
      return 0;
  }
}

ActivationOperand activation_operand(const Operator& op) {
  const bool matrix = op.has_gemm() || op.has_batched_gemm() || op.has_grouped_gemm();
  const bool mla = op.has_mla_decode() || op.has_mla_prefill();
  const std::string tensor = matrix ? "a" : mla ? "q" : "x";
  return {tensor, activation_bytes(op)};
}

}  // namespace reticle::llm
