#pragma once

#include <functional>
#include <vector>

#include "validation/calibrate/parameter.h"

namespace reticle::validation {

// How far simulated times are from measured ones, as shares of the measured.
struct Residual {
  std::size_t rows = 0;
  double median = 0;  // of the sizes
  double p90 = 0;
  double bias = 0;      // median of the signed ones
  double mean_log = 0;  // of the sizes of log(simulated / measured): what a fit makes small
};
Residual residual(const std::vector<double>& log_errors);

// Values of the parameters, each within its range, that make `cost` small: one parameter after the
// other (Brent's method), `rounds` times through all.
std::vector<double> fit(const std::vector<Parameter>& parameters,
                        const std::function<double(const std::vector<double>&)>& cost, int rounds);

// Whether a value lies within a fiftieth of its range's width of an end: a finding to report.
bool at_edge(const Parameter& parameter, double value);

}  // namespace reticle::validation
