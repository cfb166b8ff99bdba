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

// 32 GPUs x 4 prompts of 4,096 tokens, two a micro-batch; 9 slots a GPU.
Scenario prefill();

Software software(SendOp send_op = SEND_OP_PERMUTE);

// "study.yaml:LINE:1", with a line of its own for every key the tests ask about.
Location at(const std::string& key);

// The plan, and the message of the ConfigError that making it throws ("" if it does not).
Plan plan(const Scenario& scenario);
std::string plan_error(const Scenario& scenario, const Model& model = deepseek());

Graph graph(const Scenario& scenario, SendOp send_op = SEND_OP_PERMUTE);

// Index of the only node with a label in a layer and micro-batch; -1 if there is none.
int find(const Graph& graph, const std::string& label, int layer, int micro_batch);

// True if `node` is ordered after `before`: by dependencies, or by the order of its stream.
bool waits(const Graph& graph, int node, int before);

// The operator's message as text, without the prefixes of enumeration values.
std::string shape(const Node& node);

}  // namespace reticle::llm::fixtures
