#include "workloads/llm/graph.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/workloads/llm/fixtures.h"

using namespace reticle;
using namespace reticle::llm;
using fixtures::find;
using fixtures::waits;

namespace {

std::vector<Scenario> scenarios() {
  return {fixtures::cloudmatrix(), fixtures::h800(), fixtures::prefill()};
}

}  // namespace

TEST_CASE("dependencies and operands point backwards: the graph has no cycle") {
  for (const Scenario& scenario : scenarios()) {
    const Graph graph = fixtures::graph(scenario);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      const Node& node = graph.nodes[i];
      CHECK(node.dependencies.empty() == (i == 0));
      for (const int dependency : node.dependencies) {
        CHECK((dependency >= 0 && dependency < static_cast<int>(i)));
      }
      for (const Operand& operand : node.operands) {
        CHECK((operand.producer >= 0 && operand.producer < static_cast<int>(i)));
        CHECK(operand.bytes > 0);
      }
    }
  }
}

TEST_CASE("every operand was written by a node the reader waits for") {
  const Graph graph = fixtures::graph(fixtures::cloudmatrix());
  for (std::size_t i = 0; i < graph.nodes.size(); i += 7) {
    for (const Operand& operand : graph.nodes[i].operands) {
      CHECK(waits(graph, static_cast<int>(i), operand.producer));
    }
  }
}

TEST_CASE("nothing hangs loose: every node but the last leads somewhere") {
  for (const Scenario& scenario : scenarios()) {
    const Graph graph = fixtures::graph(scenario);
    std::set<int> used;
    for (const Node& node : graph.nodes) {
      used.insert(node.dependencies.begin(), node.dependencies.end());
    }
    CHECK(used.size() == graph.nodes.size() - 1);
    CHECK(*used.rbegin() == static_cast<int>(graph.nodes.size()) - 2);
  }
}

TEST_CASE("micro-batches alternate on both streams") {
  for (const Scenario& scenario : {fixtures::cloudmatrix(), fixtures::h800()}) {
    const Graph graph = fixtures::graph(scenario);
    int expected[2] = {0, 0};
    int layer[2] = {-1, -1};
    for (const Node& node : graph.nodes) {
      if (node.label != "rmsnorm_attn" && node.label != "combine_sum") {
        continue;
      }
      const int stream = node.stream == Stream::kMoe ? 1 : 0;
      CHECK(stream == (node.label == "combine_sum" ? 1 : 0));
      CHECK(node.micro_batch == expected[stream]);
      CHECK((node.micro_batch == 0 ? node.layer > layer[stream] : node.layer == layer[stream]));
      layer[stream] = node.layer;
      expected[stream] = 1 - expected[stream];
    }
  }
}

TEST_CASE("the MoE part of one micro-batch runs beside attention of the other") {
  const Graph graph = fixtures::graph(fixtures::cloudmatrix());
  const int layer = 10;
  const int dispatch0 = find(graph, "dispatch", layer, 0);
  const int combine0 = find(graph, "combine", layer, 0);
  const int attention1 = find(graph, "mla_core", layer, 1);
  CHECK_FALSE(waits(graph, combine0, attention1));
  CHECK_FALSE(waits(graph, attention1, dispatch0));
  CHECK_FALSE(
      waits(graph, find(graph, "mla_core", layer + 1, 0), find(graph, "gate_up", layer, 1)));
  CHECK(waits(graph, find(graph, "mla_core", layer + 1, 0), combine0));
  CHECK(waits(graph, dispatch0, find(graph, "topk", layer, 0)));
  CHECK(waits(graph, find(graph, "dispatch", layer, 1), combine0));
}

TEST_CASE("the shared expert of a rank overlaps dispatch, and combine_sum waits for it") {
  const Graph graph = fixtures::graph(fixtures::h800());
  const int shared = find(graph, "shared_down", 5, 0);
  REQUIRE(shared >= 0);
  CHECK(graph.nodes[static_cast<std::size_t>(shared)].stream == Stream::kAttention);
  CHECK_FALSE(waits(graph, find(graph, "combine", 5, 0), shared));
  CHECK(waits(graph, find(graph, "combine_sum", 5, 0), shared));
  CHECK(find(fixtures::graph(fixtures::cloudmatrix()), "shared_down", 5, 0) == -1);
}

TEST_CASE("one micro-batch is one chain on one stream") {
  Scenario scenario = fixtures::h800();
  scenario.set_micro_batches(1);
  const Graph graph = fixtures::graph(scenario);
  for (std::size_t i = 1; i < graph.nodes.size(); ++i) {
    CHECK(graph.nodes[i].stream == Stream::kAttention);
    CHECK(graph.nodes[i].micro_batch <= 0);
  }
}

TEST_CASE("dense layers stay on the attention stream and are not dispatched") {
  const Graph graph = fixtures::graph(fixtures::cloudmatrix());
  for (const Node& node : graph.nodes) {
    if (node.kind == LayerKind::kDense) {
      CHECK(node.layer < 3);
      CHECK(node.stream == Stream::kAttention);
      CHECK(std::holds_alternative<Operator>(node.op));
    }
  }
}

TEST_CASE("dispatches a step: MoE layers and the MTP module, each micro-batch") {
  const auto count = [](const Graph& graph, const std::string& label) {
    int found = 0;
    for (const Node& node : graph.nodes) {
      found += node.label == label ? 1 : 0;
    }
    return found;
  };
  const Graph cloudmatrix = fixtures::graph(fixtures::cloudmatrix());
  CHECK(count(cloudmatrix, "dispatch") == 2 * (58 + 1));
  CHECK(count(cloudmatrix, "mla_core") == 2 * (61 + 1));
  CHECK(count(cloudmatrix, "head") == 2);
  const Graph h800 = fixtures::graph(fixtures::h800());
  CHECK(count(h800, "dispatch") == 2 * 58);
  CHECK(count(h800, "head") == 1);
}

TEST_CASE("send_op none leaves the send buffers to the library") {
  const Scenario scenario = fixtures::h800();
  CHECK(find(fixtures::graph(scenario, SEND_OP_PERMUTE), "dispatch_send", 5, 0) >= 0);
  CHECK(find(fixtures::graph(scenario, SEND_OP_NONE), "dispatch_send", 5, 0) == -1);
}

TEST_CASE("one rank needs no network") {
  Scenario scenario = fixtures::h800();
  scenario.set_ranks(1);
  scenario.mutable_experts()->set_slots_per_rank(256);
  const Graph graph = fixtures::graph(scenario);
  for (const Node& node : graph.nodes) {
    CHECK(std::holds_alternative<Operator>(node.op));
  }
  CHECK(find(graph, "combine_sum", 5, 0) >= 0);
}
