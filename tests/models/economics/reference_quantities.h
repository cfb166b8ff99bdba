#pragma once

#include <functional>
#include <map>
#include <string>

namespace reticle::economics::test {

// The inputs of a row of validation/cost/reference.csv: "area_cm2=8.14;d0_per_cm2=0.1".
using Inputs = std::map<std::string, double>;
using Quantities = std::map<std::string, std::function<double(const Inputs&)>>;

// What each quantity of the file is computed by: yield and geometry; money, supply and the rest.
Quantities yield_quantities();
Quantities money_quantities();

}  // namespace reticle::economics::test
