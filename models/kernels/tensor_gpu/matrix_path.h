#pragma once

#include <cstdint>

#include "schema/chip.pb.h"

namespace reticle::kernels::tensor_gpu {

// How a chip's matrix instruction takes its operands and where it keeps its sums. A warpgroup is
// four warps (128 threads) and owns 64 or more rows of a tile, whatever the instruction.

// Rows of one instruction (PTX): mma.sync.m16n8, wgmma.m64, tcgen05.mma m128.
std::int64_t instruction_rows(const TensorGpu& gpu);

// Rows of A and columns of B, together, that a warpgroup reads from shared memory to multiply
// `rows` x `columns`. wgmma reads A once and B once every 64 rows. Four warps with mma.sync each
// load their own fragments (ldmatrix), in the arrangement that reads least. tcgen05 reads B once
// every 128 rows, and half of it where two SMs work as a pair.
std::int64_t operand_reads(const TensorGpu& gpu, std::int64_t rows, std::int64_t columns,
                           bool paired);

// How often a warpgroup's 64 query rows read a block of keys, or of values, from shared memory:
// once with wgmma; tcgen05 serves 128 rows at once.
double attention_reads(const TensorGpu& gpu);

// Whether the warps that compute also load (cp.async): there is no producer warpgroup then.
bool has_producer(const TensorGpu& gpu);

}  // namespace reticle::kernels::tensor_gpu
