#include "models/kernels/davinci/core_units.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "schema/dtype.h"
#include "schema/errors.h"

namespace reticle::kernels::davinci {

namespace {

constexpr std::int64_t kFractal = 16;  // rows and columns of a fractal (CANN, all types)
constexpr std::int64_t kMaxRepeats = 255;
constexpr std::int64_t kFp32Bytes = 4;

std::string unit_name(Dtype dtype) {
  std::string name = Dtype_Name(dtype).substr(std::string("DTYPE_").size());
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return name;
}

std::int64_t instructions(const compute::VectorUnit& unit, std::int64_t elements) {
  const std::int64_t elements_each = kMaxRepeats * unit.bytes_per_clk / kFp32Bytes;
  return compute::ceil_div(elements, elements_each);
}

}  // namespace

compute::MatrixUnit cube_unit(const Chip& chip, Dtype dtype) {
  const Dtype operand = matrix_dtype(dtype);
  for (const MatrixRate& rate : chip.davinci().matrix()) {
    if (rate.dtype() == operand) {
      return {kFractal, kFractal, rate.k(), rate.macs_per_clk(), chip.davinci().cube_head()};
    }
  }
  throw UsageError("davinci: no " + unit_name(operand) + " unit");
}

compute::VectorUnit vector_unit(const Davinci& core) {
  return {static_cast<std::int64_t>(core.vector_bytes()),
          static_cast<std::int64_t>(core.exp_rate()), core.vector_startup()};
}

double load_rate(const Davinci& core, Layout layout) {
  return layout == Layout::kRows ? std::min(core.mte2_cube(), core.mte2_nd2nz()) : core.mte2_cube();
}

engine::Cycles simple_cycles(const compute::VectorUnit& unit, std::int64_t elements,
                             std::int64_t passes) {
  const engine::Cycles extra = (instructions(unit, elements) - 1) * unit.start_up;
  return elements == 0 ? 0 : unit.simple(elements, kFp32Bytes, passes) + passes * extra;
}

engine::Cycles special_cycles(const compute::VectorUnit& unit, std::int64_t elements,
                              std::int64_t passes) {
  const engine::Cycles extra = (instructions(unit, elements) - 1) * unit.start_up;
  return elements == 0 ? 0 : unit.special(elements, passes) + passes * extra;
}

}  // namespace reticle::kernels::davinci
