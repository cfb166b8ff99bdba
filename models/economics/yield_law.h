#pragma once

#include <vector>

#include "schema/process.pb.h"

namespace reticle::economics {

// How killer defects spread over dies, given their mean number m on a die.
struct DefectLaw {
  YieldLaw law = YIELD_LAW_POISSON;
  double clustering = 0;  // alpha, of negative_binomial
  int layers = 1;         // of bose_einstein, whose m is that of one layer
};

// Share of dies without a defect. The formulas stand beside their names in schema/process.proto.
// 1 at m = 0, falling. Throws std::domain_error for m < 0 or a law without its parameter.
double defect_free(const DefectLaw& law, double m);

// Every law but Moore's is Poisson around a density that varies from die to die. These are the
// density's values, as factors on its mean, with their probabilities (which sum to 1): a quadrature
// of relative error below 1e-9. What happens on one die (cores, spares, repairs) shares the factor.
// Throws std::domain_error for Moore's law, whose density has no mean.
struct DensityNode {
  double factor = 1;
  double weight = 1;
};
std::vector<DensityNode> density_nodes(const DefectLaw& law);

}  // namespace reticle::economics
