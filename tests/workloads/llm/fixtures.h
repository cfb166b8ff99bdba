#pragma once

#include <string>
#include <vector>

#include "workloads/llm/graph.h"
#include "workloads/llm/plan.h"

namespace reticle::llm::fixtures {

// DeepSeek-V3 and -R1, from validation.md section 6 (the published config.json).
Model deepseek();

// The two scenarios of the main study.
Scenario cloudmatrix();
Scenario h800();

Software software(SendOp send_op = SEND_OP_PERMUTE);

// "study.yaml:LINE:1", with a line of its own for every key the tests ask about.
Location at(const std::string& key);

// The plan, and the message of the ConfigError that making it throws ("" if it does not).
Plan plan(const Scenario& scenario);
std::string plan_error(const Scenario& scenario, const Model& model = deepseek());

Graph graph(const Scenario& scenario, SendOp send_op = SEND_OP_PERMUTE);

// The operator's message as text, without the prefixes of enumeration values.
std::string shape(const Node& node);

}  // namespace reticle::llm::fixtures
