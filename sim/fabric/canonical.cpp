#include "sim/fabric/canonical.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

namespace reticle::fabric {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

bool use_less(const Use& a, const Use& b) {
  return std::tie(a.resource, a.weight) < std::tie(b.resource, b.weight);
}

bool class_less(const FlowClass& a, const FlowClass& b) {
  const double cap_a = a.cap.value_or(kNever);
  const double cap_b = b.cap.value_or(kNever);
  const auto head_a = std::tie(a.bytes, a.count, cap_a);
  const auto head_b = std::tie(b.bytes, b.count, cap_b);
  if (head_a != head_b) {
    return head_a < head_b;
  }
  return std::lexicographical_compare(a.uses.begin(), a.uses.end(), b.uses.begin(), b.uses.end(),
                                      use_less);
}

}  // namespace

Canonical::Canonical(const std::vector<FlowClass>& given) : from(given.size()), classes(given) {
  for (FlowClass& flow : classes) {
    std::sort(flow.uses.begin(), flow.uses.end(), use_less);
  }
  std::iota(from.begin(), from.end(), std::size_t{0});
  std::stable_sort(from.begin(), from.end(), [this](std::size_t a, std::size_t b) {
    return class_less(classes[a], classes[b]);
  });
  std::vector<FlowClass> sorted;
  sorted.reserve(from.size());
  for (const std::size_t i : from) {
    sorted.push_back(classes[i]);
  }
  classes = std::move(sorted);
}

}  // namespace reticle::fabric
