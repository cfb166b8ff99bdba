#include "models/economics/sensitivity.h"

#include <algorithm>
#include <cmath>

namespace reticle::economics {
namespace {

constexpr int kGrid = 256;

std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    names.push_back(std::to_string(i));
  }
  return names;
}

struct Sums {
  double first = 0;
  double total = 0;
};

}  // namespace

std::vector<SobolIndices> sobol_indices(
    std::size_t inputs, uint64_t n, uint64_t seed,
    const std::function<double(const std::vector<double>&)>& result) {
  Sampler sampler(seed, numbered(2 * inputs));
  std::vector<Sums> sums(inputs);
  double mean = 0;
  double square = 0;
  double centre = 0;
  for (uint64_t i = 0; i < n; ++i) {
    const std::vector<double>& point = sampler.next();
    const auto middle = point.begin() + static_cast<std::ptrdiff_t>(inputs);
    std::vector<double> a(point.begin(), middle);
    std::vector<double> b(middle, point.end());
    double at_a = result(a);
    centre = i == 0 ? at_a : centre;  // near the mean, so that the sums below cancel little
    at_a -= centre;
    const double at_b = result(b) - centre;
    mean += at_a + at_b;
    square += at_a * at_a + at_b * at_b;
    for (std::size_t k = 0; k < inputs; ++k) {
      std::swap(a[k], b[k]);
      const double mixed = result(a) - centre;
      std::swap(a[k], b[k]);
      sums[k].first += at_b * (mixed - at_a);
      sums[k].total += (at_a - mixed) * (at_a - mixed) / 2;
    }
  }
  const auto count = static_cast<double>(n);
  mean /= 2 * count;
  const double variance = square / (2 * count) - mean * mean;
  std::vector<SobolIndices> indices(inputs);
  for (std::size_t k = 0; k < inputs && variance > 0; ++k) {
    indices[k] = {sums[k].first / count / variance, sums[k].total / count / variance};
  }
  return indices;
}

std::vector<Swing> tornado(const UncertainInputs& inputs, const std::function<double()>& result) {
  std::vector<Swing> rows;
  for (const std::string& path : inputs.paths()) {
    Swing row{path, 0, 0};
    inputs.set_end(path, false);
    row.at_low = result();
    inputs.set_end(path, true);
    row.at_high = result();
    rows.push_back(row);
  }
  inputs.set_modes();
  std::stable_sort(rows.begin(), rows.end(), [](const Swing& a, const Swing& b) {
    return std::abs(a.at_high - a.at_low) > std::abs(b.at_high - b.at_low);
  });
  return rows;
}

std::optional<double> solve(double low, double high, double target,
                            const std::function<double(double)>& result) {
  double from = low;
  double before = result(low) - target;
  for (int i = 1; i <= kGrid; ++i) {
    const double to = i == kGrid ? high : low + (high - low) * i / kGrid;
    const double after = result(to) - target;
    if (before == 0) {
      return from;
    }
    if (std::isfinite(before) && std::isfinite(after) && (before < 0) != (after < 0)) {
      double left = from;
      double right = to;
      for (double middle = (left + right) / 2; left < middle && middle < right;
           middle = (left + right) / 2) {
        ((result(middle) - target < 0) == (before < 0) ? left : right) = middle;
      }
      return right;
    }
    from = to;
    before = after;
  }
  return before == 0 ? std::optional<double>(high) : std::nullopt;
}

}  // namespace reticle::economics
