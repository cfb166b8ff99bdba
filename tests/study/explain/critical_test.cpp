#include <catch2/catch.hpp>

#include "study/explain/explain.h"

using namespace reticle;
using namespace reticle::study;

namespace {

void add(Step& step, const std::string& label, engine::Ps issue, engine::Ps end,
         std::ptrdiff_t waited_for, Resource held_by) {
  llm::Node node;
  node.label = label;
  step.graph.nodes.push_back(node);
  chips::TaskSpan span;
  span.issue = issue;
  span.end = end;
  span.waited_for = waited_for;
  span.held_by.assign(Resource_ARRAYSIZE, 0);
  span.held_by[held_by] = end - issue;
  step.spans.push_back(span);
}

}  // namespace

TEST_CASE("critical operators: sums by label along the path, host time with them") {
  Step step;
  add(step, "a", 0, 30, -1, RESOURCE_HBM);
  add(step, "beside", 0, 35, -1, RESOURCE_LINK);
  add(step, "b", 30, 60, 0, RESOURCE_TENSOR);
  add(step, "a", 60, 80, 2, RESOURCE_HBM);
  step.host_ps = 20;
  const auto path = critical_operators(step);
  REQUIRE(path.size() == 3);
  CHECK(path[0].label() == "a");
  CHECK(path[0].share() == 0.5);
  CHECK(path[0].bound_by() == "hbm");
  CHECK(path[1].label() == "b");
  CHECK(path[1].share() == 0.3);
  CHECK(path[2].label() == "host");
  CHECK(path[2].share() == 0.2);
  CHECK(path[2].bound_by() == "launch");
}
