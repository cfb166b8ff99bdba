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
                                                "precision.router"};
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
  return decode_step(scenario, deepseek(), plan(scenario), software(send_op));
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
