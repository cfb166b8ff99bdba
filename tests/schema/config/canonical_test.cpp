#include "schema/config/canonical.h"

#include <catch2/catch.hpp>

#include "schema/chip.pb.h"
#include "schema/kernel.pb.h"

using namespace reticle;
using namespace reticle::config;

TEST_CASE("what a kernel does not see is cleared at any depth") {
  KernelKey key;
  key.set_model_version("1");
  Chip& chip = *key.mutable_chip();
  chip.set_name("c");
  chip.set_clock(1e9);
  chip.mutable_hbm()->set_capacity(64e9);
  chip.mutable_hbm()->set_data_rate(3.2e9);
  chip.mutable_package()->set_dies(2);
  chip.mutable_energy()->add_matrix()->set_op(1);
  strip_outside_kernel_key(key);
  CHECK(chip.name().empty());
  CHECK(chip.clock() == 0);
  CHECK(chip.hbm().capacity() == 0);
  CHECK(chip.hbm().data_rate() == 3.2e9);
  CHECK_FALSE(chip.has_package());
  CHECK(chip.energy().matrix(0).op() == 1);
  CHECK(key.model_version() == "1");
}

TEST_CASE("chips that differ outside the key have the same bytes") {
  Chip a;
  a.mutable_hbm()->set_data_rate(3.2e9);
  Chip b = a;
  b.set_name("other");
  CHECK(deterministic_bytes(a) != deterministic_bytes(b));
  strip_outside_kernel_key(b);
  CHECK(deterministic_bytes(a) == deterministic_bytes(b));
  b.mutable_hbm()->set_data_rate(3.3e9);
  CHECK(deterministic_bytes(a) != deterministic_bytes(b));
}

TEST_CASE("minus zero has the bytes of zero") {
  Chip zero;
  zero.mutable_energy()->add_matrix()->set_op(0.0);
  zero.mutable_package()->set_price(0.0);
  Chip minus = zero;
  minus.set_clock(-0.0);
  minus.mutable_energy()->mutable_matrix(0)->set_op(-0.0);
  minus.mutable_package()->set_price(-0.0);
  CHECK(minus.SerializeAsString() != zero.SerializeAsString());
  CHECK(deterministic_bytes(minus) == deterministic_bytes(zero));
  CHECK(minus.package().has_price());
}
