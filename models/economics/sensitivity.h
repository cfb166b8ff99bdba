#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "models/economics/uncertainty.h"

namespace reticle::economics {

// Shares of a result's variance: of one input alone, and of it with everything it interacts with.
struct SobolIndices {
  double first = 0;
  double total = 0;
};

// Of a function of independent uniform inputs, from n (inputs + 2) evaluations: estimators of
// Saltelli et al. (2010) and Jansen (1999) on Sobol points. All 0 if the result does not vary.
std::vector<SobolIndices> sobol_indices(
    std::size_t inputs, uint64_t n, uint64_t seed,
    const std::function<double(const std::vector<double>&)>& result);

// One row of a tornado: the result at an input's low and high ends, the others at their modes.
struct Swing {
  std::string input;
  double at_low = 0;
  double at_high = 0;
};
// Largest swing first.
std::vector<Swing> tornado(const UncertainInputs& inputs, const std::function<double()>& result);

// A value in [low, high] at which a monotonic or at least continuous `result` crosses `target`; to
// full precision, the lowest crossing found on a grid of 256. Nothing if there is none.
std::optional<double> solve(double low, double high, double target,
                            const std::function<double(double)>& result);

}  // namespace reticle::economics
