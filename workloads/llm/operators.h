#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/operator.pb.h"

namespace reticle::llm {

// Latent and rotary width that mla_decode is defined for (schema/operator.proto, design section 5).
constexpr std::int64_t kLatentWidth = 512;
constexpr std::int64_t kRopeWidth = 64;

// Operator messages with every default written out, as the kernel key wants them.
Operator gemm(std::int64_t m, std::int64_t n, std::int64_t k, Dtype dtype,
              Dtype out_dtype = DTYPE_BFLOAT16);
Operator batched_gemm(std::int64_t groups, std::int64_t m, std::int64_t n, std::int64_t k,
                      Dtype dtype);
Operator grouped_gemm(const std::vector<std::int64_t>& rows, std::int64_t n, std::int64_t k,
                      Dtype dtype);
Operator mla_decode(std::int64_t batch, std::int64_t kv_len, std::int64_t q_len, std::int64_t heads,
                    Dtype dtype);
Operator mla_prefill(std::int64_t batch, std::int64_t isl, std::int64_t heads, Dtype dtype);
Operator rmsnorm(std::int64_t m, std::int64_t n);
Operator swiglu(std::int64_t m, std::int64_t n, Dtype out_dtype);
Operator rope(std::int64_t m, std::int64_t n);
Operator quantize(std::int64_t m, std::int64_t n, Dtype dtype);
Operator topk(std::int64_t m, std::int64_t n, std::int64_t k);
Operator copy(std::int64_t bytes);
Operator permute(std::int64_t m, std::int64_t n, std::int64_t copies, Dtype dtype);
Operator unpermute(std::int64_t m, std::int64_t n, std::int64_t copies, Dtype dtype);
Operator softmax(std::int64_t m, std::int64_t n, Dtype dtype);

// Operations of the matrix unit: 2 m n k of the GEMMs, 2 B q_len kv_len heads (576 + 512) of
// mla_decode, B isl^2 heads (192 + 128) of mla_prefill (half the square); 0 for vector operators.
std::int64_t matrix_operations(const Operator& op);

// Weights a GEMM reads: n k, times its groups; 0 for everything else.
std::int64_t weight_elements(const Operator& op);

// The operand that earlier operators of the step produce: its name in the kernel key's L2 state
// ("a" of GEMMs, "q" of MLA, "x" of vector operators) and its bytes, scales left out.
struct ActivationOperand {
  std::string tensor;
  std::int64_t bytes = 0;
};
ActivationOperand activation_operand(const Operator& op);

}  // namespace reticle::llm
