#include "models/economics/sampler.h"

#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <stdexcept>

namespace reticle::economics {
namespace {

uint64_t fnv1a(const std::string& text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return hash;
}

// SplitMix64 (Steele, Lea, Flood, 2014).
uint64_t split_mix(uint64_t state) {
  uint64_t z = state + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// Flips every binary digit by a hash of the digits above it: cells of any size stay whole.
uint32_t scramble(uint32_t digits, uint64_t key) {
  uint32_t flipped = 0;
  for (int bit = 31; bit >= 0; --bit) {
    const uint64_t above = bit == 31 ? 0 : digits >> (bit + 1);
    const uint64_t cell = (uint64_t{1} << (31 - bit)) + above;
    flipped |= static_cast<uint32_t>(split_mix(key + cell) & 1) << bit;
  }
  return digits ^ flipped;
}

uint32_t reversed(uint32_t digits) {
  uint32_t out = 0;
  for (int bit = 0; bit < 32; ++bit) {
    out |= ((digits >> bit) & 1) << (31 - bit);
  }
  return out;
}

// The Pearson correlation of two normals whose ranks correlate so (Kruskal, 1958).
double normal_correlation(double rank) {
  return 2 * std::sin(boost::math::constants::pi<double>() / 6 * rank);
}

}  // namespace

uint64_t draw_key(uint64_t seed, const std::string& name) {
  return split_mix(split_mix(seed) ^ fnv1a(name));
}

double stratified_draw(uint64_t key, uint32_t index) {
  const uint32_t shuffled = scramble(index, key);
  const uint32_t cell = scramble(reversed(shuffled), split_mix(key));
  return std::ldexp(static_cast<double>(cell) + 0.5, -32);
}

Sampler::Sampler(uint64_t seed, const std::vector<std::string>& names)
    : engine_(std::max<std::size_t>(names.size(), 1)), point_(names.size()) {
  for (const std::string& name : names) {
    shifts_.push_back(draw_key(seed, name));
  }
}

const std::vector<double>& Sampler::next() {
  for (std::size_t i = 0; i < point_.size(); ++i) {
    // The middle of one of 2^52 equal steps: exact in a double, never 0, never 1.
    point_[i] = std::ldexp(static_cast<double>((engine_() ^ shifts_[i]) >> 12) + 0.5, -52);
  }
  return point_;
}

Copula::Copula(std::size_t dimensions, const std::vector<Pair>& pairs) {
  for (std::size_t i = 0; i < dimensions; ++i) {
    if (std::any_of(pairs.begin(), pairs.end(),
                    [i](const Pair& pair) { return pair.first == i || pair.second == i; })) {
      dimensions_.push_back(i);
    }
  }
  const std::size_t n = dimensions_.size();
  std::vector<std::vector<double>> matrix(n, std::vector<double>(n));
  const auto place = [&](std::size_t dimension) {
    return static_cast<std::size_t>(
        std::lower_bound(dimensions_.begin(), dimensions_.end(), dimension) - dimensions_.begin());
  };
  for (std::size_t i = 0; i < n; ++i) {
    matrix[i][i] = 1;
  }
  for (const Pair& pair : pairs) {
    const double value = normal_correlation(pair.rank);
    matrix[place(pair.first)][place(pair.second)] = value;
    matrix[place(pair.second)][place(pair.first)] = value;
  }
  lower_.assign(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix[i][j];
      for (std::size_t k = 0; k < j; ++k) {
        sum -= lower_[i][k] * lower_[j][k];
      }
      if (i == j && sum < -1e-12) {
        throw std::domain_error("no joint distribution has these correlations");
      }
      const double pivot = i == j ? 0 : lower_[j][j];
      lower_[i][j] = i == j ? std::sqrt(std::max(sum, 0.0)) : (pivot > 0 ? sum / pivot : 0);
    }
  }
}

void Copula::apply(std::vector<double>& point) const {
  const boost::math::normal normal;
  std::vector<double> z;
  for (const std::size_t dimension : dimensions_) {
    z.push_back(boost::math::quantile(normal, point[dimension]));
  }
  for (std::size_t i = 0; i < z.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k <= i; ++k) {
      sum += lower_[i][k] * z[k];
    }
    // A far tail may round to 0 or 1, where quantiles are infinite.
    point[dimensions_[i]] =
        std::clamp(boost::math::cdf(normal, sum), std::ldexp(0.5, -52), 1 - std::ldexp(1.0, -52));
  }
}

}  // namespace reticle::economics
