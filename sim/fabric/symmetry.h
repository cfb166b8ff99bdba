#pragma once

#include <cstddef>
#include <vector>

#include "sim/fabric/max_min.h"

namespace reticle::fabric {

// Flows and resources that cannot be told apart, merged. The partition is equitable: every resource
// of a class carries the same load of every flow class, so that progressive filling, which only
// sees such sums, gives every member the same rate at every instant (as colour refinement decides
// the symmetry of linear programs: Grohe et al., ESA 2014). Exact, not an approximation.
struct Quotient {
  std::vector<Resource> resources;
  std::vector<FlowClass> classes;
  std::vector<std::size_t> resource_class;  // of each given resource
  std::vector<std::size_t> flow_class;      // of each given flow class
};

Quotient merge_equal(const std::vector<Resource>& resources, const std::vector<FlowClass>& classes);

// run_flows over the quotient, told in terms of the given classes and resources. `intervals` stays
// empty: its index would be the quotient's.
Outcome run_merged(const std::vector<Resource>& resources, const std::vector<FlowClass>& classes);

}  // namespace reticle::fabric
