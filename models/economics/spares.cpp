#include "models/economics/spares.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/negative_binomial.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace reticle::economics {

double enough_good(int count, int needed, double defects) {
  if (needed <= 0) {
    return 1;
  }
  double term = std::exp(-defects * count);  // none is bad
  if (term == 0) {                           // too many defects for the sum below to start from
    return boost::math::cdf(
        boost::math::complement(boost::math::binomial(count, std::exp(-defects)), needed - 1));
  }
  const double odds = std::expm1(defects);  // bad over good
  double sum = term;
  for (int bad = 1; bad <= count - needed; ++bad) {
    term *= odds * (count - bad + 1) / bad;
    sum += term;
  }
  return std::min(sum, 1.0);
}

double enough_good_in_groups(const Groups& g, double defects) {
  const double good = std::exp(-defects);
  std::vector<double> one(static_cast<std::size_t>(g.cores_a_group) + 1);
  const boost::math::binomial cores(g.cores_a_group, good);
  double lost = 0;
  for (int i = 0; i <= g.cores_a_group; ++i) {
    const double p = boost::math::pdf(cores, i);
    i < g.group_minimum ? lost += p : one[static_cast<std::size_t>(i)] = p;
  }
  // state[usable groups][good cores in them]
  const auto groups = static_cast<std::size_t>(g.groups);
  const std::size_t all = groups * (one.size() - 1) + 1;
  std::vector<std::vector<double>> state(groups + 1, std::vector<double>(all));
  state[0][0] = 1;
  for (std::size_t group = 0; group < groups; ++group) {
    for (std::size_t usable = group + 1; usable-- > 0;) {
      const std::vector<double> before = state[usable];
      for (std::size_t c = 0; c < all; ++c) {
        state[usable][c] = before[c] * lost;
        for (std::size_t more = 0; more < one.size() && before[c] > 0; ++more) {
          if (one[more] > 0) {
            state[usable + 1][c + more] += before[c] * one[more];
          }
        }
      }
    }
  }
  double sum = 0;
  for (auto usable = static_cast<std::size_t>(std::max(g.groups_needed, 0)); usable <= groups;
       ++usable) {
    for (auto c = static_cast<std::size_t>(g.cores_needed); c < all; ++c) {
      sum += state[usable][c];
    }
  }
  return std::min(sum, 1.0);
}

double repaired(int repairs, double faults) {
  return faults == 0 ? 1 : boost::math::cdf(boost::math::poisson(faults), repairs);
}

double repaired(int repairs, double faults, double clustering) {
  const double success = 1 / (1 + faults / clustering);
  return boost::math::cdf(boost::math::negative_binomial(clustering, success), repairs);
}

double escapes_per_defect(double yield, double coverage) {
  return 1 - std::pow(yield, 1 - coverage);
}

double escapes_per_die(double yield, double coverage) {
  return 1 - yield / (1 - (1 - yield) * coverage);
}

double enough_up(int units, int needed, double availability) {
  return needed <= 0 ? 1
                     : boost::math::cdf(boost::math::complement(
                           boost::math::binomial(units, availability), needed - 1));
}

int spares_for(int needed, double availability, double confidence) {
  if (!(availability > 0 && availability <= 1 && confidence < 1)) {
    throw std::domain_error("spares_for: no number of spares is enough");
  }
  int spares = 0;
  while (enough_up(needed + spares, needed, availability) < confidence) {
    ++spares;
  }
  return spares;
}

}  // namespace reticle::economics
