#include "sim/compute/scratchpad.h"

#include <catch2/catch.hpp>
#include <stdexcept>

using reticle::compute::Scratchpad;

TEST_CASE("a scratchpad takes its capacity to the byte") {
  Scratchpad l1("L1", 524288);
  l1.reserve(524287);
  CHECK(l1.fits(1));
  CHECK_FALSE(l1.fits(2));
  CHECK_THROWS_AS(l1.reserve(2), std::logic_error);
  CHECK_THROWS_WITH(l1.reserve(2),
                    "L1: 2.000000 B do not fit beside 524287.000000 of 524288.000000 B");
  CHECK(l1.used() == 524287);  // what was refused is not taken
  l1.reserve(1);
  CHECK(l1.used() == l1.capacity());
  CHECK_FALSE(l1.fits(1));
  CHECK(l1.fits(0));
}
