#include "workloads/llm/parameters.h"

#include <catch2/catch.hpp>

#include "schema/operators.h"
#include "tests/workloads/llm/fixtures.h"
#include "workloads/llm/operators.h"

using namespace reticle;
using namespace reticle::llm;

namespace {

// Matrix operations of one micro-batch of a graph, MLA core apart.
std::int64_t gemm_operations(const Graph& graph) {
  std::int64_t operations = 0;
  for (const Node& node : graph.nodes) {
    const Operator* op = std::get_if<Operator>(&node.op);
    if (op != nullptr && !op->has_mla_decode()) {
      operations += matrix_operations(*op);
    }
  }
  return operations;
}

// Weights the graph reads once, its expert slots taken as all routed experts.
std::int64_t graph_parameters(const Graph& graph, std::int64_t slots) {
  std::int64_t parameters = 0;
  for (const Node& node : graph.nodes) {
    const Operator* op = std::get_if<Operator>(&node.op);
    if (op == nullptr || node.micro_batch > 0) {
      continue;
    }
    parameters += weight_elements(*op) * (op->has_grouped_gemm() ? 256 / slots : 1);
  }
  return parameters;
}

}  // namespace

TEST_CASE("DeepSeek-V3 has 671 billion parameters, 37 billion active") {
  const Model model = fixtures::deepseek();
  CHECK(static_cast<double>(total_parameters(model)) == Approx(671e9).epsilon(0.001));
  const std::int64_t table = model.vocabulary() * model.hidden();
  CHECK(static_cast<double>(active_parameters(model)) == Approx(37e9).epsilon(0.02));
  CHECK(static_cast<double>(active_parameters(model) + table) == Approx(37e9).epsilon(0.02));
}

TEST_CASE("the graph reads every matrix of the model") {
  const Model model = fixtures::deepseek();
  const std::int64_t table = model.vocabulary() * model.hidden();
  CHECK(graph_parameters(fixtures::graph(fixtures::h800()), 2) + table == total_parameters(model));
}

TEST_CASE("GEMM operations are two for each active parameter and token") {
  // Balanced routing, no copies: the rank's slots get exactly its own tokens x top-k.
  const std::int64_t tokens = 128;
  CHECK(gemm_operations(fixtures::graph(fixtures::h800())) ==
        2 * tokens * active_parameters(fixtures::deepseek()));
}

TEST_CASE("model operations a token add attention over the cache") {
  const Model model = fixtures::deepseek();
  CHECK(model_operations_per_token(model, 4096) - 2 * active_parameters(model) ==
        2LL * 61 * 4096 * 128 * (192 + 128));
}

TEST_CASE("the MLA core counts 576 + 512 a head, query and cached token") {
  CHECK(matrix_operations(operators::mla_decode(24, 4096, 2, 128, DTYPE_BFLOAT16)) ==
        2LL * 24 * 2 * 4096 * 128 * (576 + 512));
}

TEST_CASE("KV elements a token and layer") { CHECK(kv_elements(fixtures::deepseek()) == 576); }

TEST_CASE("a tied head is the embedding table") {
  Model model = fixtures::deepseek();
  const std::int64_t total = total_parameters(model);
  const std::int64_t active = active_parameters(model);
  model.set_tied_embeddings(true);
  CHECK(total - total_parameters(model) == 129280LL * 7168);
  CHECK(active_parameters(model) == active);
}
