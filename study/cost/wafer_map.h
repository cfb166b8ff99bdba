#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/economics/die.h"

namespace reticle::study {

enum class DieState { kGood, kHarvested, kBin, kBad, kPartial };

struct MappedDie {
  economics::DiePosition at;
  DieState state = DieState::kGood;
  int bin = 0;  // of kBin: index into die.bins
};

// One wafer at random: every die draws its density from the process's law, then its defects and
// where they fall. Harvested: sellable with a bad core or block. The same seed gives the same
// wafer. std::domain_error for layers or Moore's law, which do not say where defects are.
std::vector<MappedDie> sample_wafer(const Die& die, const Process& process,
                                    const economics::DiePlan& plan, uint64_t seed);

// As a picture: wafer, usable radius, dies by state, legend.
std::string wafer_svg(const Die& die, const Process& process, const std::vector<MappedDie>& dies);

}  // namespace reticle::study
