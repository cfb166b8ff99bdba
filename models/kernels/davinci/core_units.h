#pragma once

#include "schema/chip.pb.h"
#include "schema/operator.pb.h"
#include "sim/compute/units.h"

namespace reticle::kernels::davinci {

// The cube for this operand type. Throws UsageError ("no fp8 unit") where the chip has none.
compute::MatrixUnit cube_unit(const Chip& chip, Dtype dtype);

compute::VectorUnit vector_unit(const Davinci& core);

// How an operand lies in global memory: in fractals, as the cube wants it, or in rows, which MTE2
// turns into fractals on the way (ND2NZ).
enum class Layout { kFractals, kRows };

// B/clk of MTE2 from L2 to L1.
double load_rate(const Davinci& core, Layout layout);

// Cycles of `passes` FP32 vector passes over `elements`: one instruction covers at most 255 repeats
// of 256 B (CANN: the repeat field has 8 bits), and each instruction pays head and tail.
engine::Cycles simple_cycles(const compute::VectorUnit& unit, std::int64_t elements,
                             std::int64_t passes);

// The same for exp, division, square root and logarithm.
engine::Cycles special_cycles(const compute::VectorUnit& unit, std::int64_t elements,
                              std::int64_t passes);

}  // namespace reticle::kernels::davinci
