#include <catch2/catch.hpp>

#include "tests/workloads/llm/fixtures.h"
#include "workloads/llm/graph.h"

using namespace reticle;
using namespace reticle::llm;
using fixtures::find;
using fixtures::waits;

namespace {

constexpr int kLayer = 10;

const Node& node(const Graph& graph, const std::string& label, int micro_batch = 0) {
  const int found = find(graph, label, kLayer, micro_batch);
  REQUIRE(found >= 0);
  return graph.nodes[static_cast<std::size_t>(found)];
}

Graph with_dma() {
  const Scenario scenario = fixtures::prefill();
  Software software = fixtures::software();
  software.mutable_transfers()->mutable_dma()->set_start(10e-6);
  return step_graph(scenario, fixtures::deepseek(), fixtures::plan(scenario), software);
}

}  // namespace

// validation.md section 6: kv_b is 32768 x 512; 2 prompts of 4,096 tokens a micro-batch.
TEST_CASE("prefill computes keys and values of every head") {
  const Graph graph = fixtures::graph(fixtures::prefill());
  CHECK(fixtures::shape(node(graph, "kv_b")) ==
        "gemm { m: 8192 n: 32768 k: 512 dtype: FP8_BLOCK out_dtype: BFLOAT16 }");
  CHECK(fixtures::shape(node(graph, "k_concat")) == "copy { bytes: 402653184 }");
  CHECK(fixtures::shape(node(graph, "mla_core")) ==
        "mla_prefill { batch_size: 2 isl: 4096 num_heads: 128 dtype: BFLOAT16 }");
  CHECK(find(graph, "absorb_q", kLayer, 0) == -1);
}

TEST_CASE("prefill dispatches and combines in normal mode, and regroups rows by expert") {
  const Graph graph = fixtures::graph(fixtures::prefill());
  CHECK(fixtures::shape(node(graph, "dispatch")) ==
        "moe_dispatch { ranks: 32 tokens_per_rank: 8192 hidden: 7168 topk: 8 experts: 288 mode: "
        "NORMAL dtype: FP8_BLOCK }");
  CHECK(fixtures::shape(node(graph, "expert_permute")) ==
        "permute { m: 65536 n: 7168 copies: 1 dtype: FP8_BLOCK }");
  CHECK(fixtures::shape(node(graph, "expert_unpermute")) ==
        "permute { m: 65536 n: 7168 copies: 1 dtype: BFLOAT16 }");
}

TEST_CASE("SMs sum returned rows on the way, cores do after a DMA engine") {
  CHECK(find(fixtures::graph(fixtures::prefill()), "combine_sum", kLayer, 0) == -1);
  CHECK(fixtures::shape(node(with_dma(), "combine_sum")) ==
        "unpermute { m: 8192 n: 7168 copies: 8 dtype: BFLOAT16 }");
}

TEST_CASE("the scenario's transfer cores are the SMs of normal mode") {
  Scenario scenario = fixtures::prefill();
  scenario.mutable_moe_cores()->set_matrix(24);
  const Graph graph = fixtures::graph(scenario);
  CHECK(std::get<CollectiveOperator>(node(graph, "dispatch").op).moe_dispatch().sms() == 24);
}

TEST_CASE("logits are those of the last positions") {
  const Graph graph = fixtures::graph(fixtures::prefill());
  const int head = find(graph, "head", kNoLayer, kAllMicroBatches);
  REQUIRE(head >= 0);
  CHECK(fixtures::shape(graph.nodes[static_cast<std::size_t>(head)]) ==
        "gemm { m: 4 n: 129280 k: 7168 dtype: BFLOAT16 out_dtype: FLOAT32 }");
}

TEST_CASE("transfers of one micro-batch run beside what the other computes") {
  for (const Graph& graph : {fixtures::graph(fixtures::prefill()), with_dma()}) {
    const int dispatch0 = find(graph, "dispatch", kLayer, 0);
    const int dispatch1 = find(graph, "dispatch", kLayer, 1);
    const int combine0 = find(graph, "combine", kLayer, 0);
    const int combine1 = find(graph, "combine", kLayer, 1);
    const int attention1 = find(graph, "mla_core", kLayer, 1);
    const int experts0 = find(graph, "gate_up", kLayer, 0);
    const int experts1 = find(graph, "gate_up", kLayer, 1);
    const int next0 = find(graph, "rmsnorm_attn", kLayer + 1, 0);
    CHECK_FALSE(waits(graph, attention1, dispatch0));
    CHECK_FALSE(waits(graph, experts0, dispatch1));
    CHECK_FALSE(waits(graph, experts1, combine0));
    CHECK_FALSE(waits(graph, next0, combine1));
    CHECK(waits(graph, experts0, dispatch0));
    CHECK(waits(graph, experts0, attention1));  // one compute stream
    CHECK(waits(graph, next0, combine0));
    CHECK(waits(graph, next0, find(graph, "shared_down", kLayer, 0)));
    CHECK(graph.nodes[static_cast<std::size_t>(dispatch0)].stream == Stream::kNetwork);
    CHECK(graph.nodes[static_cast<std::size_t>(experts0)].stream == Stream::kAttention);
  }
}

TEST_CASE("one micro-batch of a prefill pass is one stream") {
  Scenario scenario = fixtures::prefill();
  scenario.set_micro_batches(1);
  for (const Node& one : fixtures::graph(scenario).nodes) {
    CHECK(one.stream == Stream::kAttention);
  }
}
