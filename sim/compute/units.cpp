#include "sim/compute/units.h"

namespace reticle::compute {

engine::Cycles MatrixUnit::cycles(std::int64_t rows, std::int64_t columns,
                                  std::int64_t depth) const {
  const std::int64_t macs = round_up(rows, m) * round_up(columns, n) * round_up(depth, k);
  return head + ceil_div(macs, macs_per_clk);
}

engine::Cycles VectorUnit::simple(std::int64_t elements, std::int64_t element_bytes,
                                  std::int64_t passes) const {
  return passes * (start_up + ceil_div(elements * element_bytes, bytes_per_clk));
}

engine::Cycles VectorUnit::special(std::int64_t elements, std::int64_t passes) const {
  return passes * (start_up + ceil_div(elements, special_per_clk));
}

}  // namespace reticle::compute
