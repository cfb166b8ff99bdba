#pragma once

#include <cstdint>

#include "sim/engine/time.h"

namespace reticle::compute {

constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }
constexpr std::int64_t round_up(std::int64_t a, std::int64_t b) { return ceil_div(a, b) * b; }

// A matrix unit that works in steps of m x n x k. Cycles of one instruction =
// head + ceil(M/m) ceil(N/n) ceil(K/k) * m n k / macs_per_clk (CANN "Cube instruction theoretical
// performance"; the same form holds for wgmma with m = 64).
struct MatrixUnit {
  std::int64_t m = 1;
  std::int64_t n = 1;
  std::int64_t k = 1;
  std::int64_t macs_per_clk = 1;
  engine::Cycles head = 0;

  engine::Cycles cycles(std::int64_t rows, std::int64_t columns, std::int64_t depth) const;
};

// A vector unit: `bytes_per_clk` of operands and, for special functions, `special_per_clk` results.
struct VectorUnit {
  std::int64_t bytes_per_clk = 1;
  std::int64_t special_per_clk = 1;
  engine::Cycles start_up = 0;  // once an instruction

  // `passes` instructions, each over `elements` of `element_bytes`.
  engine::Cycles simple(std::int64_t elements, std::int64_t element_bytes,
                        std::int64_t passes) const;
  engine::Cycles special(std::int64_t elements, std::int64_t passes) const;
};

}  // namespace reticle::compute
