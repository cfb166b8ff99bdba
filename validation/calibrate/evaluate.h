#pragma once

#include <vector>

#include "schema/chip.pb.h"
#include "schema/kernel.pb.h"
#include "schema/software.pb.h"
#include "validation/calibrate/measured.h"

namespace reticle::validation {

// Every row at `cycle`, benchmark state of L2, on a chip simulated in a process of its own
// (SystemC elaborates once a process). A row the chip refuses has no kernels.
std::vector<DemandVector> simulate(const Chip& chip, const Software& software,
                                   const std::vector<Measured>& rows);

// Time with launches, us.
double microseconds(const DemandVector& demand, const Software& software);

// log(simulated / measured) of the rows that are not refused.
std::vector<double> log_errors(const Chip& chip, const Software& software,
                               const std::vector<Measured>& rows);

}  // namespace reticle::validation
