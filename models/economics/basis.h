#pragma once

#include <vector>

#include "models/economics/deployment.h"

namespace reticle::economics {

// Where the money comes from (docs/cost.md); never mixed.
enum class Basis { kBuild, kPrice, kRental };
constexpr Basis kBases[] = {Basis::kBuild, Basis::kPrice, Basis::kRental};
const char* name_of(Basis basis);

// Whether the inputs of a basis are there: `build` needs a process, a die and a package, `price` a
// price, `rental` a rent.
bool has_basis(const Deployment& deployment, Basis basis);

// USD an hour of the whole deployment in service, by part. Needs has_basis; `plan` (of the chip's
// die, checked) is only read by `build`.
struct Item {
  const char* name;
  double usd;
};
std::vector<Item> hourly_items(const Deployment& deployment, Basis basis, const DiePlan& plan);
double usd_per_hour(const Deployment& deployment, Basis basis, const DiePlan& plan);

}  // namespace reticle::economics
