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
