#pragma once

#include <cstdint>
#include <string>

#include "schema/operator.pb.h"

namespace reticle::llm {

// Latent and rotary width that mla_decode is defined for (schema/operator.proto, design section 5).
constexpr std::int64_t kLatentWidth = 512;
constexpr std::int64_t kRopeWidth = 64;

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
