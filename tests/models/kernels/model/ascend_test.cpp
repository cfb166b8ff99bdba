#include <catch2/catch.hpp>
#include <deque>

#include "models/kernels/kernel_key.h"
#include "models/kernels/kernel_model.h"
#include "schema/config/assign.h"
#include "schema/config/catalog.h"

using namespace reticle;

namespace {

Operator operator_of(const std::string& name, const std::vector<config::Assignment>& values) {
  Operator op;
  config::assign(config::select_op(op, name), values);
  return op;
}

// One of each operator of design section 5, small.
std::vector<Operator> one_of_each() {
  const std::vector<config::Assignment> rows = {{"m", "64"}, {"n", "1024"}, {"dtype", "bfloat16"}};
  const std::vector<config::Assignment> gemm = {{"m", "64"}, {"n", "512"}, {"k", "1024"}};
  const auto with = [](std::vector<config::Assignment> values,
                       const std::vector<config::Assignment>& more) {
    values.insert(values.end(), more.begin(), more.end());
    return values;
  };
  const std::vector<config::Assignment> heads = {{"num_heads", "8"}, {"num_key_value_heads", "2"}};
  return {
      operator_of("gemm", with(gemm, {{"dtype", "bfloat16"}})),
      operator_of("gemm", with(gemm, {{"dtype", "int8"}, {"quantize_a", "true"}})),
      operator_of("batched_gemm", with(gemm, {{"groups", "4"}, {"dtype", "bfloat16"}})),
      operator_of(
          "grouped_gemm",
          {{"groups", "2"}, {"m_list", "32:0"}, {"n", "512"}, {"k", "256"}, {"dtype", "int8"}}),
      operator_of("moe", {{"num_tokens", "32"},
                          {"hidden_size", "512"},
                          {"inter_size", "256"},
                          {"topk", "2"},
                          {"num_experts", "8"},
                          {"moe_tp_size", "1"},
                          {"moe_ep_size", "2"},
                          {"distribution", "balanced"},
                          {"dtype", "int8"}}),
      operator_of("attention_prefill",
                  with(heads, {{"batch_size", "1"}, {"isl", "300"}, {"head_dim", "128"}})),
      operator_of("attention_decode",
                  with(heads, {{"batch_size", "3"}, {"kv_len", "700"}, {"head_dim", "64"}})),
      operator_of("mla_decode", {{"batch_size", "2"}, {"kv_len", "900"}, {"num_heads", "16"}}),
      operator_of("mla_prefill", {{"batch_size", "1"}, {"isl", "200"}, {"num_heads", "4"}}),
      operator_of("rmsnorm", rows),
      operator_of("swiglu", rows),
      operator_of("rope", rows),
      operator_of("quantize", {{"m", "64"}, {"n", "1024"}, {"dtype", "int8"}}),
      operator_of("topk", {{"m", "64"}, {"n", "256"}, {"k", "8"}}),
      operator_of("copy", {{"bytes", "65536"}}),
  };
}

}  // namespace

TEST_CASE("every operator runs on every Ascend die") {
  const config::Catalog catalog(std::string(RETICLE_SOURCE_DIR) + "/configs");
  const Software software = catalog.software("cann-cm384").message;
  std::vector<Chip> chips;
  std::deque<kernels::KernelModel> models;
  for (const char* name : {"ascend-910c-die", "ascend-910b2", "ascend-910b3", "ascend-910b4"}) {
    chips.push_back(catalog.chip(name).message);
    models.emplace_back(name, chips.back());
  }
  L2State cold;
  cold.set_start(L2_START_COLD);
  for (const Operator& op : one_of_each()) {
    INFO(config::op_name(op));
    std::vector<std::int64_t> times;
    for (std::size_t i = 0; i < chips.size(); ++i) {
      times.push_back(
          models[i]
              .run(kernels::make_key(chips[i], software, op, kernels::all_cores(chips[i]), cold,
                                     FIDELITY_CYCLE))
              .time_ps());
    }
    CHECK(times[0] > 0);
    CHECK(times[1] == times[0]);  // the same die as a product of its own
    CHECK(times[3] > times[0]);   // 910B4: lower clock, half of the HBM
  }
}
