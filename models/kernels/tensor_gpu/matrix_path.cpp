#include "models/kernels/tensor_gpu/matrix_path.h"

#include <algorithm>

#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;

namespace {

constexpr std::int64_t kMmaSyncRows = 16;
constexpr std::int64_t kWgmmaRows = 64;
constexpr std::int64_t kTcgen05Rows = 128;

}  // namespace

std::int64_t instruction_rows(const TensorGpu& gpu) {
  switch (gpu.matrix_instruction()) {
    case MATRIX_INSTRUCTION_MMA_SYNC:
      return kMmaSyncRows;
    case MATRIX_INSTRUCTION_TCGEN05:
      return kTcgen05Rows;
    default:
      return kWgmmaRows;
  }
}

std::int64_t operand_reads(const TensorGpu& gpu, std::int64_t rows, std::int64_t columns,
                           bool paired) {
  switch (gpu.matrix_instruction()) {
    case MATRIX_INSTRUCTION_MMA_SYNC:
      return std::min({4 * rows + columns, 2 * rows + 2 * columns, rows + 4 * columns});
    case MATRIX_INSTRUCTION_TCGEN05:
      return rows + ceil_div(rows, kTcgen05Rows) * columns / (paired ? 2 : 1);
    default:
      return rows + ceil_div(rows, kWgmmaRows) * columns;
  }
}

double attention_reads(const TensorGpu& gpu) {
  return gpu.matrix_instruction() == MATRIX_INSTRUCTION_TCGEN05
             ? static_cast<double>(kWgmmaRows) / kTcgen05Rows
             : 1;
}

bool has_producer(const TensorGpu& gpu) { return gpu.load_engine() != LOAD_ENGINE_CP_ASYNC; }

}  // namespace reticle::kernels::tensor_gpu
