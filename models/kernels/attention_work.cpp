#include "models/kernels/attention_work.h"

#include "schema/dtype.h"
#include "schema/errors.h"

namespace reticle::kernels {

namespace {

constexpr std::int64_t kMlaPrefillKeyWidth = 192;  // design section 5
constexpr std::int64_t kMlaPrefillValueWidth = 128;

constexpr double kTableRow =
    32;  // bytes of lengths and pages of a sequence that a task reads first

Work attention_work(const AttentionWork& attention) {
  const auto sequences = static_cast<double>(attention.sequences);
  const auto heads = static_cast<double>(attention.group * attention.kv_heads);
  const double queries = sequences * heads * static_cast<double>(attention.positions);
  const auto kv_len = static_cast<double>(attention.kv_len);
  const double keys = sequences * static_cast<double>(attention.kv_heads) * kv_len;
  const auto key_width = static_cast<double>(attention.key_width);
  const auto value_width = static_cast<double>(attention.value_width);
  const double bytes = element_bytes(attention.dtype);
  const double out = element_bytes(attention_out(attention.dtype));
  Work work;
  work.operations = (attention.causal ? 1 : 2) * queries * kv_len * (key_width + value_width);
  work.tensors = {{"q", queries * key_width * bytes},
                  {"k", keys * key_width * bytes},
                  {"v", keys * value_width * bytes},
                  {"o", queries * value_width * out, true},
                  {"table", sequences * kTableRow}};
  work.attention = attention;
  return work;
}

// Query heads that share a key/value head.
std::int64_t group(const char* op, std::int64_t heads, std::int64_t kv_heads) {
  if (heads % kv_heads != 0) {
    throw UsageError(std::string(op) + ": num_heads=" + std::to_string(heads) +
                     " is not a multiple of num_key_value_heads=" + std::to_string(kv_heads));
  }
  return heads / kv_heads;
}

}  // namespace

Dtype attention_out(Dtype dtype) { return is_quantized(dtype) ? DTYPE_BFLOAT16 : dtype; }

Work attention_decode_work(const AttentionDecode& op) {
  AttentionWork work;
  work.sequences = op.batch_size();
  work.positions = op.q_len();
  work.group = group("attention_decode", op.num_heads(), op.num_key_value_heads());
  work.kv_len = op.kv_len();
  work.kv_heads = op.num_key_value_heads();
  work.key_width = op.head_dim();
  work.value_width = op.head_dim();
  work.cached = true;
  work.dtype = op.dtype();
  return attention_work(work);
}

Work attention_prefill_work(const AttentionPrefill& op) {
  AttentionWork work;
  work.sequences = op.batch_size();
  work.positions = op.isl();
  work.group = group("attention_prefill", op.num_heads(), op.num_key_value_heads());
  work.kv_len = op.isl();
  work.kv_heads = op.num_key_value_heads();
  work.key_width = op.head_dim();
  work.value_width = op.head_dim();
  work.cached = true;
  work.causal = true;
  work.dtype = op.dtype();
  return attention_work(work);
}

Work mla_prefill_work(const MlaPrefill& op) {
  AttentionWork work;
  work.sequences = op.batch_size();
  work.positions = op.isl();
  work.group = 1;
  work.kv_len = op.isl();
  work.kv_heads = op.num_heads();
  work.key_width = kMlaPrefillKeyWidth;
  work.value_width = kMlaPrefillValueWidth;
  work.causal = true;
  work.dtype = op.dtype();
  return attention_work(work);
}

}  // namespace reticle::kernels
