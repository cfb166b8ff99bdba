#include "study/retarget/waves.h"

#include <catch2/catch.hpp>

namespace reticle::study {
namespace {

traces::Details launched(std::uint32_t blocks, std::uint32_t threads, std::uint32_t registers,
                         std::uint32_t shared = 0) {
  traces::Details launch;
  launch.grid = {blocks, 1, 1};
  launch.block = {threads, 1, 1};
  launch.registers = registers;
  launch.shared_memory_bytes = shared;
  return launch;
}

}  // namespace

TEST_CASE("blocks an SM holds: threads, registers, shared memory or 32") {
  CHECK(resident_blocks(launched(1, 1024, 32)) == 2);
  CHECK(resident_blocks(launched(1, 128, 32)) == 16);
  CHECK(resident_blocks(launched(1, 32, 16)) == 32);
  CHECK(resident_blocks(launched(1, 128, 168)) == 3);  // 65536 / (168 x 128)
  CHECK(resident_blocks(launched(1, 128, 32, 100 * 1024)) == 2);
  CHECK(resident_blocks(launched(1, 128, 32, 227 * 1024)) == 1);  // never none
}

TEST_CASE("a grid that fills the chip once needs a second turn beside transfers") {
  const traces::Details full = launched(396, 128, 168);  // three on each of 132
  CHECK(turns(full, 132, 0) == 1);
  CHECK(turns(full, 132, 20) == 2);
  CHECK(turns(launched(336, 128, 168), 132, 20) == 1);  // three on each of 112
  CHECK(turns(launched(397, 128, 168), 132, 20) == 1);  // did not fit anyway
  CHECK(turns(launched(0, 128, 168), 132, 20) == 1);
}

TEST_CASE("many short blocks take a trip to memory for each turn") {
  CHECK(turnover_ps(launched(1792, 128, 32), 112, 1000) == 1000);
  CHECK(turnover_ps(launched(1793, 128, 32), 112, 1000) == 2000);
  CHECK(turnover_ps(launched(0, 128, 32), 112, 1000) == 0);
}

}  // namespace reticle::study
