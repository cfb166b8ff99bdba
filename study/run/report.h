#pragma once

#include <string>

#include "schema/result.pb.h"

namespace reticle::study {

// The answer as a table for people: throughput and parts beside their published values, energy,
// cost on its three bases, bottlenecks, memory, and the uncertain numbers it rests on.
std::string report(const RunResult& result);

}  // namespace reticle::study
