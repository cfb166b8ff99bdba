#include "models/economics/textbook.h"

#include <boost/math/constants/constants.hpp>
#include <cmath>
#include <stdexcept>

namespace reticle::economics {

double dies_de_vries(double diameter, double area) {
  if (!(diameter > 0 && area > 0)) {
    throw std::domain_error("dies_de_vries: lengths must be positive");
  }
  const double pi = boost::math::constants::pi<double>();
  return pi * diameter * diameter / (4 * area) - pi * diameter / std::sqrt(2 * area);
}

double dies_chiplet_actuary(double diameter, double area, double scribe, double edge_exclusion) {
  const double side = std::sqrt(area) + scribe;
  return dies_de_vries(diameter - 2 * edge_exclusion, side * side);
}

}  // namespace reticle::economics
