#pragma once

#include "schema/chip.pb.h"
#include "schema/config/catalog.h"
#include "schema/process.pb.h"

namespace reticle::economics::test {

// The 910 by its die shot, 21.32 x 31.22 mm, 24 of 25 cores needed (cost.md 2.7).
Die ascend_910();

// The fab `fab` it is made in: 300 mm wafers of 13,500 USD, 0.272 defects a cm2.
config::Loaded<Process> fab();

}  // namespace reticle::economics::test
