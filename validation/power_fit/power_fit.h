#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/chips/power.h"
#include "sim/power/steady_state.h"

namespace reticle::validation {

// A free parameter: the energy of one component's work (a component of a kernel's energies), or
// the chip's clock tree ("clock_tree").
struct Parameter {
  std::string path;  // in the chip's config
  std::string component;
  double value = 0;
  double low = 0;
  double high = 0;
};

// One measured kernel: its activity as energies at the parameters' values in `parameters`.
struct Sample {
  chips::Joules dynamic;
  double seconds = 0;
  double power_w = 0;
  double clock_hz = 0;
  bool at_least = false;  // held at the cap by an unknown clock: `power_w` is a lower bound
};

// Power of a sample, its energies scaled from `old` to `fresh` parameters.
double predicted_power(const power::ChipSpec& chip, const Sample& sample,
                       const std::vector<Parameter>& old, const std::vector<Parameter>& fresh);

// log(predicted / measured); 0 where the measured power is a lower bound that is kept.
double log_error(const power::ChipSpec& chip, const Sample& sample,
                 const std::vector<Parameter>& old, const std::vector<Parameter>& fresh);

// The values inside their ranges with the least sum of |log_error|, smoothed at its tip, one
// parameter at a time until none moves. Absolute values, because a power that was averaged over the
// wrong window is an outlier, not noise.
std::vector<Parameter> fit_power(const power::ChipSpec& chip, const std::vector<Sample>& samples,
                                 const std::vector<Parameter>& parameters);

}  // namespace reticle::validation
