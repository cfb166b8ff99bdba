#pragma once

#include <cstdint>
#include <vector>

#include "schema/operator.pb.h"

// Operator messages with every default written out, as the kernel key wants them. Outputs of GEMMs
// are bf16 unless said otherwise, rows of norms, rotations and activations too.
namespace reticle::operators {

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

}  // namespace reticle::operators
