#include "models/kernels/work.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "models/kernels/attention_work.h"
#include "models/kernels/moe_work.h"
#include "models/kernels/vector_work.h"
#include "schema/dtype.h"
#include "schema/errors.h"

namespace reticle::kernels {

namespace {

constexpr std::int64_t kMlaKeyWidth = 576;  // 512 latent + 64 rotary (design section 5)
constexpr std::int64_t kMlaValueWidth = 512;

Work gemm_work(const std::vector<std::int64_t>& rows, std::int64_t n, std::int64_t k, Dtype dtype,
               Dtype out_dtype) {
  const auto all_rows =
      static_cast<double>(std::accumulate(rows.begin(), rows.end(), std::int64_t{0}));
  const auto groups = static_cast<double>(rows.size());
  const auto columns = static_cast<double>(n);
  const auto depth = static_cast<double>(k);
  Work work;
  work.operations = 2 * all_rows * columns * depth;
  work.tensors = {{"a", all_rows * depth * element_bytes(dtype) +
                            activation_scale_bytes(dtype, all_rows, depth)},
                  {"b", groups * columns * depth * element_bytes(dtype)},
                  {"c", all_rows * columns * element_bytes(out_dtype), true}};
  work.gemm = GemmWork{rows, n, k, dtype, out_dtype};
  return work;
}

Work plain_gemm_work(const Gemm& op) {
  Work work = gemm_work({op.m()}, op.n(), op.k(), op.dtype(), op.out_dtype());
  if (op.accumulate()) {
    work.gemm->accumulate = true;
    work.tensors.push_back({"c_in", work.tensors.back().bytes});
  }
  return work;
}

Work grouped_gemm_work(const GroupedGemm& op) {
  if (op.has_m() == (op.m_list_size() > 0)) {
    throw UsageError("grouped_gemm: give m (rows of every group) or m_list (a:b:c), not both");
  }
  std::vector<std::int64_t> rows(op.m_list().begin(), op.m_list().end());
  if (op.has_m()) {
    rows.assign(static_cast<std::size_t>(op.groups()), op.m());
  }
  if (static_cast<std::int64_t>(rows.size()) != op.groups()) {
    throw UsageError("grouped_gemm: m_list has " + std::to_string(rows.size()) +
                     " entries, groups is " + std::to_string(op.groups()));
  }
  Work work = gemm_work(rows, op.n(), op.k(), op.dtype(), op.out_dtype());
  work.gemm->listed = op.groups();
  return work;
}

// 2 B q_len kv_len heads (576 + 512) operations; the latent KV is read once for all queries.
Work mla_work(const MlaDecode& op) {
  const std::int64_t queries = op.q_len() * op.num_heads();
  const double bytes = element_bytes(op.dtype());
  const auto rows = static_cast<double>(op.batch_size() * queries);
  const auto cached = static_cast<double>(op.batch_size() * op.kv_len());
  Work work;
  work.operations = 2 * rows * static_cast<double>(op.kv_len()) *
                    static_cast<double>(kMlaKeyWidth + kMlaValueWidth);
  work.tensors = {{"q", rows * kMlaKeyWidth * bytes},
                  {"kv", cached * kMlaKeyWidth * bytes},
                  {"o", rows * kMlaValueWidth * bytes, true}};
  work.mla =
      MlaWork{op.batch_size(), op.kv_len(), queries, kMlaKeyWidth, kMlaValueWidth, op.dtype()};
  return work;
}

Work batched_gemm_work(const BatchedGemm& op) {
  const std::vector<std::int64_t> rows(static_cast<std::size_t>(op.groups()), op.m());
  return gemm_work(rows, op.n(), op.k(), op.dtype(), op.out_dtype());
}

// Products of sizes are counted in 64 bits, and groups are listed one by one.
void require_countable(const Operator& op) {
  constexpr double kMostGroups = 1 << 20;
  const google::protobuf::FieldDescriptor* which =
      op.GetReflection()->GetOneofFieldDescriptor(op, Operator::descriptor()->oneof_decl(0));
  const google::protobuf::Message& shape = op.GetReflection()->GetMessage(op, which);
  const google::protobuf::Descriptor& type = *shape.GetDescriptor();
  double product = 1;
  for (int i = 0; i < type.field_count(); ++i) {
    const google::protobuf::FieldDescriptor& field = *type.field(i);
    if (field.cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_INT64 ||
        field.is_repeated()) {
      continue;
    }
    const auto size = static_cast<double>(shape.GetReflection()->GetInt64(shape, &field));
    product *= std::max(1.0, size);
    const bool listed = field.name() == "groups" || field.name() == "num_experts";
    if (listed && size > kMostGroups) {
      throw UsageError(field.name() + " is over 1048576: groups are listed one by one");
    }
  }
  if (product > static_cast<double>(std::numeric_limits<std::int64_t>::max())) {
    throw UsageError("the product of the sizes in " + shape_text(op) +
                     " is more than 64 bits count");
  }
}

}  // namespace

Work work_of(const Operator& op) {
  switch (op.op_case()) {
    case Operator::kGemm:
      return plain_gemm_work(op.gemm());
    case Operator::kBatchedGemm:
      return batched_gemm_work(op.batched_gemm());
    case Operator::kGroupedGemm:
      return grouped_gemm_work(op.grouped_gemm());
    case Operator::kMlaDecode:
      return mla_work(op.mla_decode());
    case Operator::kAttentionDecode:
      return attention_decode_work(op.attention_decode());
    case Operator::kAttentionPrefill:
      return attention_prefill_work(op.attention_prefill());
    case Operator::kMlaPrefill:
      return mla_prefill_work(op.mla_prefill());
    case Operator::kMoe:
      throw UsageError("op moe is several kernels");
    default:
      return vector_operator_work(op);
  }
}

std::vector<Work> kernels_of(const Operator& op) {
  require_countable(op);
  if (op.op_case() == Operator::kMoe) {
    return moe_kernels(op.moe());
  }
  std::vector<Work> kernels;
  if (op.op_case() == Operator::kGemm && op.gemm().quantize_a()) {
    if (!is_quantized(op.gemm().dtype())) {
      throw UsageError("quantize_a=true: " + shape_text(op) + " has no scales");
    }
    kernels.push_back(quantize_work(op.gemm().m(), op.gemm().k(), op.gemm().dtype()));
  }
  kernels.push_back(work_of(op));
  if (kernels.size() > 1) {
    kernels.back().tensors.front().carried = true;  // A
  }
  return kernels;
}

}  // namespace reticle::kernels
