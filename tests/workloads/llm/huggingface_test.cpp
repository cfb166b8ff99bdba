#include "workloads/llm/huggingface.h"

#include <google/protobuf/util/message_differencer.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "schema/errors.h"
#include "tests/workloads/llm/fixtures.h"
#include "workloads/llm/operators.h"
#include "workloads/llm/parameters.h"

using namespace reticle;
using namespace reticle::llm;

namespace {

std::string model_file(const std::string& name) {
  return std::string(RETICLE_SOURCE_DIR) + "/configs/models/" + name + ".json";
}

std::string published(const std::string& name) {
  std::ifstream in(model_file(name));
  std::stringstream content;
  content << in.rdbuf();
  REQUIRE_FALSE(content.str().empty());
  return content.str();
}

// DeepSeek-R1's file with one text in the place of another.
std::string changed(const std::string& from, const std::string& to) {
  std::string content = published("deepseek-r1");
  const auto at = content.find(from);
  REQUIRE(at != std::string::npos);
  return content.replace(at, from.size(), to);
}

std::string error(const std::string& content) {
  try {
    parse_huggingface(content, "m.json");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("DeepSeek-R1 and -V3 as published (validation.md section 6)") {
  for (const std::string name : {"deepseek-r1", "deepseek-v3"}) {
    Model expected = fixtures::deepseek();
    expected.set_name(name);
    const Model model = read_huggingface(model_file(name));
    INFO(model.DebugString());
    CHECK(google::protobuf::util::MessageDifferencer::Equals(model, expected));
  }
}

TEST_CASE("Kimi-K2 has a trillion parameters, 32 billion active") {
  const Model model = read_huggingface(model_file("kimi-k2"));
  CHECK(model.mla().heads() == 64);
  CHECK(model.experts().routed() == 384);
  CHECK(model.dense_layers() == 1);
  CHECK(model.mtp_layers() == 0);
  CHECK(static_cast<double>(total_parameters(model)) == Approx(1e12).epsilon(0.03));
  CHECK(static_cast<double>(active_parameters(model)) == Approx(32e9).epsilon(0.02));
}

TEST_CASE("Qwen3: experts under another name, no MLA") {
  const Model moe = read_huggingface(model_file("qwen3-235b-a22b"));
  CHECK(moe.experts().routed() == 128);
  CHECK(moe.experts().shared() == 0);
  CHECK(moe.experts().width() == 1536);
  CHECK(moe.dense_layers() == 0);
  CHECK_FALSE(moe.has_mla());
  const Model dense = read_huggingface(model_file("qwen3-32b"));
  CHECK_FALSE(dense.has_experts());
  CHECK(dense.dense_layers() == 64);
  CHECK(dense.dense_width() == 25600);
}

TEST_CASE("synonyms of keys read the same") {
  const Model usual = parse_huggingface(published("deepseek-r1"), "m.json");
  for (const auto& [from, to] :
       {std::pair{"n_routed_experts", "num_experts"},
        std::pair{"n_routed_experts", "num_local_experts"},
        std::pair{"n_shared_experts", "num_shared_experts"},
        std::pair{"num_experts_per_tok", "moe_topk"}, std::pair{"\"hidden_size", "\"d_model"}}) {
    INFO(to);
    const Model other = parse_huggingface(changed(from, to), "m.json");
    CHECK(google::protobuf::util::MessageDifferencer::Equals(usual, other));
  }
}

TEST_CASE("Mixtral's intermediate_size is the width of an expert") {
  const Model model = parse_huggingface(
      R"({"hidden_size": 4096, "num_hidden_layers": 32, "vocab_size": 32000, "num_local_experts": 8,
          "num_experts_per_tok": 2, "intermediate_size": 14336, "tie_word_embeddings": false})",
      "mixtral.json");
  CHECK(model.name() == "mixtral");
  CHECK(model.experts().width() == 14336);
  CHECK(model.dense_layers() == 0);
}

TEST_CASE("a null query rank means queries straight from the model width") {
  const std::string content = changed("\"q_lora_rank\": 1536", "\"q_lora_rank\": null");
  CHECK(parse_huggingface(content, "m.json").mla().q_rank() == 0);
}

TEST_CASE("unknown keys are ignored") {
  CHECK(error(changed("\"ep_size\": 1", "\"from_the_future\": {\"a\": [1, \"b\"]}")).empty());
}

TEST_CASE("a needed key that is missing is an error with its synonyms") {
  CHECK(error(changed("qk_rope_head_dim", "qk_rope")) ==
        "m.json:1:1: missing key qk_rope_head_dim");
  CHECK(error(changed("\"hidden_size", "\"width")) ==
        "m.json:1:1: missing key hidden_size (or its synonym d_model, n_embd)");
  CHECK(error(changed("num_experts_per_tok", "experts_a_token")) ==
        "m.json:1:1: missing key num_experts_per_tok (or its synonym num_experts_per_token, "
        "moe_topk)");
  CHECK(error(changed("tie_word_embeddings", "tie")) ==
        "m.json:1:1: missing key tie_word_embeddings");
}

TEST_CASE("a value out of range is an error where it stands") {
  CHECK(error(changed("\"hidden_size\": 7168", "\"hidden_size\": 0")) ==
        "m.json:17:18: hidden_size: 0 is not between 1 and 2097152");
  CHECK(error(changed("\"vocab_size\": 129280", "\"vocab_size\": 2097153")) ==
        "m.json:66:17: vocab_size: 2097153 is not between 1 and 2097152");
  CHECK(error(changed("\"num_experts_per_tok\": 8", "\"num_experts_per_tok\": 257")) ==
        "m.json:30:26: num_experts_per_tok: 257 of 256 experts");
  CHECK(error(changed("\"first_k_dense_replace\": 3", "\"first_k_dense_replace\": 62")) ==
        "m.json:15:28: first_k_dense_replace: 62 of 61 layers");
  CHECK(error(changed("\"hidden_size\": 7168", "\"hidden_size\": \"wide\""))
            .rfind("m.json:17:18: ", 0) == 0);
}

TEST_CASE("mechanisms that the graph does not know are refused, not dropped") {
  CHECK_THROWS_WITH(
      read_huggingface(model_file("deepseek-v3.2")),
      Catch::Matchers::EndsWith(
          "deepseek-v3.2.json:15:3: index_topk: sparse attention is not modelled yet"));
  CHECK(error(changed("\"moe_layer_freq\": 1", "\"moe_layer_freq\": 2")) ==
        "m.json:24:3: moe_layer_freq: only MoE in every layer (1) is modelled yet");
  CHECK(error(changed("\"ep_size\": 1", "\"mlp_only_layers\": [4]")) ==
        "m.json:14:3: mlp_only_layers: only leading dense layers are modelled yet "
        "(first_k_dense_replace)");
}

TEST_CASE("what is no object is refused") {
  CHECK(error("[1, 2]") == "m.json:1:1: not a Hugging Face config.json (an object is expected)");
  CHECK(error("{\"hidden_size\": 71").rfind("m.json:", 0) == 0);
}

TEST_CASE("a file that is not there is a usage error") {
  CHECK_THROWS_AS(read_huggingface("/no/such/config.json"), UsageError);
}

TEST_CASE("Kimi-K2's file makes a graph that computes what the model asks for") {
  const Model model = read_huggingface(model_file("kimi-k2"));
  Scenario scenario = fixtures::h800();
  scenario.mutable_experts()->set_slots_per_rank(3);
  scenario.set_sequences_per_rank(96);  // 96 x 128 x 8 / 384: whole rows for every expert
  const Plan plan = make_plan(scenario, model, fixtures::at);
  std::int64_t operations = 0;
  for (const Node& node : decode_step(scenario, model, plan, fixtures::software()).nodes) {
    const Operator* op = std::get_if<Operator>(&node.op);
    operations += op == nullptr || op->has_mla_decode() ? 0 : matrix_operations(*op);
  }
  CHECK(operations == 2LL * 96 * active_parameters(model));
}
