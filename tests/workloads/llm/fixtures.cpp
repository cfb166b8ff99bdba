#include "tests/workloads/llm/fixtures.h"

#include <algorithm>

namespace reticle::llm::fixtures {
namespace {

Scenario decode(Dtype dtype) {
  Scenario scenario;
  scenario.set_model("deepseek-r1");
  scenario.set_phase(PHASE_DECODE);
  scenario.set_cached_tokens(4096);
  scenario.set_micro_batches(2);
  scenario.set_routing("balanced");
  scenario.set_imbalance(1);
  Precision* precision = scenario.mutable_precision();
  precision->set_linear(dtype);
  precision->set_attention(DTYPE_BFLOAT16);
  precision->set_kv_cache(DTYPE_BFLOAT16);
  precision->set_head(DTYPE_BFLOAT16);
  precision->set_router(DTYPE_BFLOAT16);
  precision->set_dispatch(dtype);
  precision->set_combine(DTYPE_BFLOAT16);
  return scenario;
}

}  // namespace

Model deepseek() {
  Model model;
  model.set_name("deepseek-r1");
  model.set_hidden(7168);
  model.set_layers(61);
  model.set_dense_layers(3);
  model.set_dense_width(18432);
  model.set_vocabulary(129280);
  model.set_mtp_layers(1);
  Mla* mla = model.mutable_mla();
  mla->set_heads(128);
  mla->set_q_rank(1536);
  mla->set_kv_rank(512);
  mla->set_nope_dim(128);
  mla->set_rope_dim(64);
  mla->set_v_dim(128);
  Experts* experts = model.mutable_experts();
  experts->set_routed(256);
  experts->set_shared(1);
  experts->set_topk(8);
  experts->set_width(2048);
  return model;
}

Scenario cloudmatrix() {
  Scenario scenario = decode(DTYPE_INT8);
  scenario.set_ranks(320);
  scenario.set_sequences_per_rank(48);
  scenario.mutable_mtp()->set_positions(2);
  scenario.mutable_mtp()->set_acceptance(0.7);
  scenario.mutable_experts()->set_slots_per_rank(1);
  scenario.mutable_experts()->set_redundant(32);
  scenario.mutable_experts()->set_shared_slots(32);
  return scenario;
}

Scenario h800() {
  Scenario scenario = decode(DTYPE_FP8_BLOCK);
  scenario.set_ranks(128);
  scenario.set_sequences_per_rank(128);
  scenario.mutable_mtp()->set_positions(1);
  scenario.mutable_experts()->set_slots_per_rank(2);
  return scenario;
}

Scenario prefill() {
  Scenario scenario = h800();
  scenario.set_phase(PHASE_PREFILL);
  scenario.set_ranks(32);
  scenario.set_sequences_per_rank(4);
  scenario.set_cached_tokens(0);
  scenario.set_prompt_tokens(4096);
  scenario.mutable_experts()->set_slots_per_rank(9);
  scenario.mutable_experts()->set_redundant(32);
  return scenario;
}

Software software(SendOp send_op) {
  Software software;
  software.set_name("test");
  software.mutable_transfers()->set_send_op(send_op);
  return software;
}

Location at(const std::string& key) {
  static const std::vector<std::string> keys = {"model",
                                                "phase",
                                                "experts.slots_per_rank",
                                                "experts.redundant",
                                                "experts.shared_slots",
                                                "sequences_per_rank",
                                                "mtp.positions",
                                                "precision.linear",
                                                "precision.dispatch",
                                                "precision.kv_cache",
                                                "precision.attention",
                                                "precision.router",
                                                "cached_tokens",
                                                "prompt_tokens"};
  const auto found = std::find(keys.begin(), keys.end(), key);
  return {"study.yaml", static_cast<int>(found - keys.begin()) + 1, 1};
}

Plan plan(const Scenario& scenario) { return make_plan(scenario, deepseek(), at); }

std::string plan_error(const Scenario& scenario, const Model& model) {
  try {
    make_plan(scenario, model, at);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

Graph graph(const Scenario& scenario, SendOp send_op) {
  return step_graph(scenario, deepseek(), plan(scenario), software(send_op));
}

int find(const Graph& graph, const std::string& label, int layer, int micro_batch) {
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (node.label == label && node.layer == layer && node.micro_batch == micro_batch) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

bool waits(const Graph& graph, int node, int before) {
  std::vector<bool> reached(graph.nodes.size());
  std::vector<int> open = {node};
  while (!open.empty()) {
    const int next = open.back();
    open.pop_back();
    if (next == before) {
      return true;
    }
    if (next < before || reached[static_cast<std::size_t>(next)]) {
      continue;
    }
    reached[static_cast<std::size_t>(next)] = true;
    const Node& at = graph.nodes[static_cast<std::size_t>(next)];
    open.insert(open.end(), at.dependencies.begin(), at.dependencies.end());
    for (int i = next - 1; i >= 0; --i) {
      if (graph.nodes[static_cast<std::size_t>(i)].stream == at.stream) {
        open.push_back(i);
        break;
      }
    }
  }
  return false;
}

std::string shape(const Node& node) {
  const bool collective = std::holds_alternative<CollectiveOperator>(node.op);
  std::string text = collective ? std::get<CollectiveOperator>(node.op).ShortDebugString()
                                : std::get<Operator>(node.op).ShortDebugString();
  for (const std::string prefix : {"DTYPE_", "TRANSFER_MODE_"}) {
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
  }
  return text;
}

}  // namespace reticle::llm::fixtures
