#include "validation/power_fit/power_fit.h"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>

namespace reticle::validation {

namespace {

constexpr double kTip = 0.01;  // relative errors below are squared
constexpr int kRounds = 100;
constexpr int kBits = 20;        // of a parameter, a line search
constexpr double kStill = 1e-6;  // relative change of a round

double distance(const power::ChipSpec& chip, const std::vector<Sample>& samples,
                const std::vector<Parameter>& old, const std::vector<Parameter>& fresh) {
  double sum = 0;
  for (const Sample& sample : samples) {
    const double log = log_error(chip, sample, old, fresh);
    sum += std::sqrt(log * log + kTip * kTip);
  }
  return sum;
}

}  // namespace

double predicted_power(const power::ChipSpec& chip, const Sample& sample,
                       const std::vector<Parameter>& old, const std::vector<Parameter>& fresh) {
  power::ChipSpec spec = chip;
  chips::Joules dynamic = sample.dynamic;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    if (fresh[i].component == "clock_tree") {
      spec.clock_tree_w = fresh[i].value;
    } else if (const auto found = dynamic.find(fresh[i].component); found != dynamic.end()) {
      found->second *= fresh[i].value / old[i].value;
    }
  }
  return power::steady_state(spec, sample.clock_hz, chips::load_of(dynamic, sample.seconds))
      .power_w;
}

double log_error(const power::ChipSpec& chip, const Sample& sample,
                 const std::vector<Parameter>& old, const std::vector<Parameter>& fresh) {
  const double log = std::log(predicted_power(chip, sample, old, fresh) / sample.power_w);
  return sample.at_least ? std::min(log, 0.0) : log;
}

std::vector<Parameter> fit_power(const power::ChipSpec& chip, const std::vector<Sample>& samples,
                                 const std::vector<Parameter>& parameters) {
  std::vector<Parameter> fresh = parameters;
  for (int round = 0; round < kRounds; ++round) {
    double moved = 0;
    for (Parameter& parameter : fresh) {
      const double before = parameter.value;
      // In shares of the range: the search stops at an absolute step, and energies are 1e-12.
      const auto at = [&parameter](double share) {
        return parameter.low + share * (parameter.high - parameter.low);
      };
      const auto cost = [&](double share) {
        parameter.value = at(share);
        return distance(chip, samples, parameters, fresh);
      };
      parameter.value = at(boost::math::tools::brent_find_minima(cost, 0.0, 1.0, kBits).first);
      moved = std::max(moved, std::abs(parameter.value - before) / parameter.high);
    }
    if (moved < kStill) {
      break;
    }
  }
  return fresh;
}

}  // namespace reticle::validation
