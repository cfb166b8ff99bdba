#pragma once

#include <boost/random/sobol.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace reticle::economics {

// What a name draws from a seed: the sequence of stratified_draw.
uint64_t draw_key(uint64_t seed, const std::string& name);

// Number `index` of a sequence in (0, 1) whose first 2^k members lie one in each of 2^k equal
// cells: the van der Corput sequence with its digits and its order scrambled (Owen, 1995; order:
// Burley, 2020). A pure function, so an input's draws do not depend on which others there are, and
// two scenarios that share an input share its draws. Sequences of different keys are independent.
double stratified_draw(uint64_t key, uint32_t index);

// Points of the unit cube, one dimension a name: Sobol's sequence, each dimension shifted digit by
// digit by a hash of the seed and its name (so that another seed gives other points of the same
// evenness). Coordinates lie in (0, 1). For the many dimensions of Sobol indices, which no other
// result shares. Integer arithmetic alone, as above: the same on every machine.
class Sampler {
 public:
  Sampler(uint64_t seed, const std::vector<std::string>& names);

  // The next point.
  const std::vector<double>& next();

 private:
  boost::random::sobol engine_;
  std::vector<uint64_t> shifts_;
  std::vector<double> point_;
};

// Makes the coordinates of a point hang together: a Gaussian copula. `pairs` are Spearman's rank
// correlations between dimensions.
class Copula {
 public:
  struct Pair {
    std::size_t first;
    std::size_t second;
    double rank;
  };
  // std::domain_error: no joint distribution has such correlations.
  Copula(std::size_t dimensions, const std::vector<Pair>& pairs);

  void apply(std::vector<double>& point) const;

 private:
  std::vector<std::size_t> dimensions_;     // that are correlated at all
  std::vector<std::vector<double>> lower_;  // Cholesky factor of their correlations
};

}  // namespace reticle::economics
