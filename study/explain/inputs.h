#pragma once

#include <string>
#include <vector>

#include "study/run/inputs.h"

namespace reticle::study {

// A number that may move a scenario's throughput.
struct Input {
  std::string path;  // as --set writes it
  double value = 0;
  std::string unit;
  std::string grade;
  double grid = 0;  // it changes in multiples of this; 0: freely
};

// The candidates among what a scenario was read from: rates, latencies and capacities of its chip,
// links, launch and host times, and the batch. Numbers that nobody wrote down (defaults) and those
// of cost are not among them.
std::vector<Input> candidate_inputs(const ScenarioInputs& inputs,
                                    const config::Loaded<Study>& study);

// The --set that multiplies an input by `factor`, to the nearest multiple of its grid, and what it
// is then. At least one multiple away from where it is.
struct Changed {
  config::Setting setting;
  double value = 0;
};
Changed changed(const Input& input, double factor);

}  // namespace reticle::study
