#pragma once

#include "schema/chip.pb.h"
#include "schema/operator.pb.h"
#include "sim/compute/units.h"

namespace reticle::kernels::davinci {

// The cube for this operand type. Throws UsageError ("no fp8 unit") where the chip has none.
compute::MatrixUnit cube_unit(const Chip& chip, Dtype dtype);

compute::VectorUnit vector_unit(const Davinci& core);

// Cycles of `passes` FP32 vector passes over `elements`: one instruction covers at most 255 repeats
// of 256 B (CANN: the repeat field has 8 bits), and each instruction pays head and tail.
engine::Cycles simple_cycles(const compute::VectorUnit& unit, std::int64_t elements,
                             std::int64_t passes);

// The same for exp, division, square root and logarithm.
engine::Cycles special_cycles(const compute::VectorUnit& unit, std::int64_t elements,
                              std::int64_t passes);

}  // namespace reticle::kernels::davinci
