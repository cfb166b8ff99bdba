#pragma once

#include <optional>
#include <string>

#include "schema/chip.pb.h"
#include "schema/process.pb.h"

namespace reticle::economics {

// What a yield of this die counts, in words, with the spares it assumes: "dies with 24 of 25
// cores".
std::string definition_of(const Die& die, YieldCounts counts);

// The density of killer defects (/m2) at which the die has the reported yield under the process's
// law; `assembly_yield` turns packaged into sellable dies. Nothing if no density gives it, or if
// the process has layers of its own.
std::optional<double> implied_density(const YieldReport& report, const Die& die,
                                      const Process& process, double assembly_yield);

}  // namespace reticle::economics
