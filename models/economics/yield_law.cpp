#include "models/economics/yield_law.h"

#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <stdexcept>

namespace reticle::economics {
namespace {

// Half the points of a Gauss-Legendre rule over the densities 0..2 D0.
using Gauss = boost::math::quadrature::gauss<double, 30>;

constexpr double kTail = 36;         // the gamma density is cut where it has fallen by exp(-36)
constexpr double kStep = 0.3;        // widest step in ln(density): error exp(-pi^2 / step)
constexpr double kStepsAcross = 48;  // fewest steps, for a density that hardly varies

double uniform_over_twice(double m) { return m == 0 ? 1 : -std::expm1(-2 * m) / (2 * m); }

double triangular_over_twice(double m) {
  const double half = m == 0 ? 1 : -std::expm1(-m) / m;
  return half * half;
}

double shape_of(const DefectLaw& law) {
  switch (law.law) {
    case YIELD_LAW_SEEDS:
      return 1;
    case YIELD_LAW_BOSE_EINSTEIN:
      return law.layers;
    default:
      return law.clustering;
  }
}

// Where shape * (t - e^t + 1), the log of the gamma density in t = ln(factor), is -kTail.
double edge(double shape, double direction) {
  double inside = 0;
  double outside = direction;
  const auto beyond = [&](double t) { return shape * (std::expm1(t) - t) > kTail; };
  while (!beyond(outside)) {
    outside *= 2;
  }
  for (int i = 0; i < 40; ++i) {
    const double middle = (inside + outside) / 2;
    (beyond(middle) ? outside : inside) = middle;
  }
  return outside;
}

// Trapezoid in ln(factor), where the gamma density falls off on both sides: it converges
// exponentially.
std::vector<DensityNode> gamma_nodes(double shape) {
  const double low = edge(shape, -1);
  const double high = edge(shape, 1);
  const int steps = static_cast<int>(std::ceil(std::max(kStepsAcross, (high - low) / kStep)));
  std::vector<DensityNode> nodes;
  double sum = 0;
  for (int i = 0; i <= steps; ++i) {
    const double t = low + (high - low) * i / steps;
    nodes.push_back({std::exp(t), std::exp(shape * (t - std::expm1(t)))});
    sum += nodes.back().weight;
  }
  for (DensityNode& node : nodes) {
    node.weight /= sum;
  }
  return nodes;
}

// Densities from 0 to 2 with probability density `height`(x), symmetric around 1.
template <class Height>
std::vector<DensityNode> bounded_nodes(Height height) {
  std::vector<DensityNode> nodes;
  for (std::size_t i = 0; i < Gauss::abscissa().size(); ++i) {
    for (const double sign : {-1.0, 1.0}) {
      const double x = (1 + sign * Gauss::abscissa()[i]) / 2;  // in 0..1
      const double weight = Gauss::weights()[i] / 2 * height(x);
      nodes.push_back({x, weight});
      nodes.push_back({2 - x, weight});
    }
  }
  return nodes;
}

void check(const DefectLaw& law) {
  const bool bad = (law.law == YIELD_LAW_NEGATIVE_BINOMIAL && !(law.clustering > 0)) ||
                   (law.law == YIELD_LAW_BOSE_EINSTEIN && law.layers < 1) ||
                   law.law == YIELD_LAW_UNSPECIFIED;
  if (bad) {
    throw std::domain_error("defect_free: a yield law without its parameter");
  }
}

}  // namespace

double defect_free(const DefectLaw& law, double m) {
  check(law);
  if (!(m >= 0)) {
    throw std::domain_error("defect_free: fewer than no defects");
  }
  switch (law.law) {
    case YIELD_LAW_MURPHY:
      return triangular_over_twice(m);
    case YIELD_LAW_RECTANGULAR:
      return uniform_over_twice(m);
    case YIELD_LAW_SEEDS:
      return 1 / (1 + m);
    case YIELD_LAW_MOORE:
      return std::exp(-std::sqrt(m));
    case YIELD_LAW_NEGATIVE_BINOMIAL:
      return std::exp(-law.clustering * std::log1p(m / law.clustering));
    case YIELD_LAW_BOSE_EINSTEIN:
      return std::exp(-law.layers * std::log1p(m));
    default:
      return std::exp(-m);
  }
}

std::vector<DensityNode> density_nodes(const DefectLaw& law) {
  check(law);
  switch (law.law) {
    case YIELD_LAW_POISSON:
      return {{1, 1}};
    case YIELD_LAW_MURPHY:
      return bounded_nodes([](double x) { return x; });
    case YIELD_LAW_RECTANGULAR:
      return bounded_nodes([](double) { return 0.5; });
    case YIELD_LAW_MOORE:
      throw std::domain_error("density_nodes: Moore's law has no mean density");
    default:
      return gamma_nodes(shape_of(law));
  }
}

}  // namespace reticle::economics
