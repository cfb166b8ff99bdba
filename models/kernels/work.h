#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/operator.pb.h"

namespace reticle::kernels {

// Shape arithmetic of the operators, said once; the families only decide where and in which order
// the work happens.

// A tensor in memory that a kernel reads or writes.
struct Tensor {
  std::string name;  // a, b, c, kv, q, k, v, o, x, y
  double bytes = 0;
  bool output = false;
  bool carried = false;  // written by the kernel just before, of the same operator
};

// One or more GEMMs: group g is C_g[rows[g], n] = A_g[rows[g], k] B_g[k, n].
struct GemmWork {
  std::vector<std::int64_t> rows;
  std::int64_t n = 0;
  std::int64_t k = 0;
  Dtype dtype = DTYPE_BFLOAT16;
  Dtype out_dtype = DTYPE_BFLOAT16;
  // C += A B, as in weight gradients: C is read too, and both operands are activations, with a
  // scale of their own each row and 128 of k where the type has blocks.
  bool accumulate = false;
  // Groups of the list that a kernel goes through to find its tiles, those without rows too; 0: a
  // batch of equal GEMMs, which one descriptor serves.
  std::int64_t listed = 0;
};

// Absorbed MLA core: every sequence's `queries` (q_len x heads) rows of 576 attend to kv_len cached
// rows of 576, whose first 512 columns are also the values.
struct MlaWork {
  std::int64_t sequences = 0;
  std::int64_t kv_len = 0;
  std::int64_t queries = 0;
  std::int64_t key_width = 0;    // 576
  std::int64_t value_width = 0;  // 512
  Dtype dtype = DTYPE_BFLOAT16;
};

// Attention core. Every key/value head of every sequence serves `group` query heads with
// `positions` queries each. Causal: query i sees the first kv_len - positions + i + 1 keys.
struct AttentionWork {
  std::int64_t sequences = 0;
  std::int64_t positions = 0;  // queries of a head
  std::int64_t group = 0;      // query heads a key/value head
  std::int64_t kv_len = 0;
  std::int64_t kv_heads = 0;
  std::int64_t key_width = 0;
  std::int64_t value_width = 0;
  bool causal = false;
  Dtype dtype = DTYPE_BFLOAT16;
  bool cached = false;      // keys and values come from the cache, in its pages
  std::int64_t splits = 0;  // of the keys over thread blocks; 0: not chosen yet
};

// Rows of FP32 partial results, `partials` in all, summed into `rows`.
struct CombineWork {
  std::int64_t rows = 0;
  std::int64_t width = 0;
  std::int64_t partials = 0;
  Dtype dtype = DTYPE_BFLOAT16;
};

// Row-wise vector work. An `element pass` is one FP32 vector instruction over one element of the
// row; a `special pass` one exp, division, square root or logarithm.
struct VectorWork {
  std::int64_t rows = 0;
  double read_bytes = 0;      // a row
  double write_bytes = 0;     // a row
  double element_passes = 0;  // a row
  double special_passes = 0;  // a row
  // The row is read once for its maximum and a second time to be written: what a kernel with one
  // scale a row does (vLLM's dynamic_per_token_scaled_fp8_quant).
  bool two_passes = false;
  std::int64_t quantized = 0;  // elements a row, of a kernel that does nothing else
};

// What one kernel has to do. Exactly one of gemm, mla, attention,
// combine, vector is set.
struct Work {
  double operations = 0;  // algorithmic (design section 5)
  std::vector<Tensor> tensors;
  std::optional<GemmWork> gemm;
  std::optional<MlaWork> mla;
  std::optional<AttentionWork> attention;
  std::optional<CombineWork> combine;
  std::optional<VectorWork> vector;
};

// The operator's own kernel. Throws UsageError for shapes that make no sense and for moe, which has
// none of its own.
Work work_of(const Operator& op);

// All kernels of an operator in the order they run: a gemm with quantize_a quantises first, moe is
// nine (eight where nothing is quantised). Throws as work_of.
std::vector<Work> kernels_of(const Operator& op);

// Shape of an Operator or CollectiveOperator for people: "m=4096 n=7168 k=2048 dtype=bfloat16".
std::string shape_text(const google::protobuf::Message& holder);

}  // namespace reticle::kernels
