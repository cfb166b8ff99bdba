#pragma once

#include <optional>

namespace reticle::economics {

// What a year can make packages of. Dies and stacks include what earlier years left over.
struct YearMeans {
  double wafers = 0;  // in the year, for this chip
  double dies_per_wafer = 0;
  double yield = 0;
  double assembly_yield = 1;  // good packages over packages started
  double dies_each = 1;
  double stacks_each = 0;
  double dies_in_stock = 0;                // good ones
  std::optional<double> stacks;            // absent: no limit
  std::optional<double> packaging_starts;  // absent: no limit
};

enum class Limit { kLogic, kHbm, kPackaging };
const char* name_of(Limit limit);

// Good packages that each limit alone would allow (infinite where there is none), and what is made:
// the least of them. A scrapped package takes its dies and stacks with it.
struct YearSupply {
  double logic = 0;
  double hbm = 0;
  double packaging = 0;
  double packages = 0;
  Limit binding = Limit::kLogic;
  double dies_left = 0;
  double stacks_left = 0;
};
YearSupply supply_of(const YearMeans& means);

// The yield above which logic no longer binds; nothing without another limit, or if it never binds
// or always does.
std::optional<double> break_even_yield(const YearMeans& means);

// The yield with which `packages` can be made; nothing if another limit forbids it or it is over 1.
std::optional<double> yield_needed(const YearMeans& means, double packages);

// Wafers a month with which `packages` can be made; nothing if another limit forbids it.
std::optional<double> wafers_needed(const YearMeans& means, double packages);

}  // namespace reticle::economics
