// Shapes of every operator of the two study scenarios: docs/workload.md, issue 2 item 9, and the
// GEMM shapes of DeepSeek-V3 in validation.md section 6.
#include <catch2/catch.hpp>

#include "tests/workloads/llm/fixtures.h"

using namespace reticle;
using namespace reticle::llm;

namespace {

using Shapes = std::vector<std::pair<std::string, std::string>>;

const Shapes kCloudMatrixAttention = {
    {"residual_attn", "copy { bytes: 688128 }"},
    {"rmsnorm_attn", "rmsnorm { m: 48 n: 7168 dtype: BFLOAT16 }"},
    {"quantize_attn", "quantize { m: 48 n: 7168 dtype: INT8 }"},
    {"qkv_a", "gemm { m: 48 n: 2112 k: 7168 dtype: INT8 out_dtype: BFLOAT16 }"},
    {"rmsnorm_q", "rmsnorm { m: 48 n: 1536 dtype: BFLOAT16 }"},
    {"quantize_q", "quantize { m: 48 n: 1536 dtype: INT8 }"},
    {"q_b", "gemm { m: 48 n: 24576 k: 1536 dtype: INT8 out_dtype: BFLOAT16 }"},
    {"rmsnorm_kv", "rmsnorm { m: 48 n: 512 dtype: BFLOAT16 }"},
    {"rope_q", "rope { m: 6144 n: 64 dtype: BFLOAT16 }"},
    {"rope_k", "rope { m: 48 n: 64 dtype: BFLOAT16 }"},
    {"kv_append", "copy { bytes: 55296 }"},
    {"absorb_q",
     "batched_gemm { groups: 128 m: 48 n: 512 k: 128 dtype: BFLOAT16 out_dtype: BFLOAT16 }"},
    {"mla_core",
     "mla_decode { batch_size: 24 kv_len: 4096 q_len: 2 num_heads: 128 dtype: BFLOAT16 }"},
    {"absorb_v",
     "batched_gemm { groups: 128 m: 48 n: 128 k: 512 dtype: BFLOAT16 out_dtype: BFLOAT16 }"},
    {"quantize_o", "quantize { m: 48 n: 16384 dtype: INT8 }"},
    {"o_proj", "gemm { m: 48 n: 7168 k: 16384 dtype: INT8 out_dtype: BFLOAT16 }"},
    {"residual_ffn", "copy { bytes: 688128 }"},
    {"rmsnorm_ffn", "rmsnorm { m: 48 n: 7168 dtype: BFLOAT16 }"},
};

const Shapes kCloudMatrixDense = {
    {"quantize_ffn", "quantize { m: 48 n: 7168 dtype: INT8 }"},
    {"gate_up", "gemm { m: 48 n: 36864 k: 7168 dtype: INT8 out_dtype: BFLOAT16 }"},
    {"swiglu", "swiglu { m: 48 n: 18432 dtype: BFLOAT16 out_dtype: INT8 }"},
    {"down", "gemm { m: 48 n: 7168 k: 18432 dtype: INT8 out_dtype: BFLOAT16 }"},
};

const Shapes kCloudMatrixMoe = {
    {"gate", "gemm { m: 48 n: 256 k: 7168 dtype: BFLOAT16 out_dtype: FLOAT32 }"},
    {"topk", "topk { m: 48 n: 256 k: 8 }"},
    {"dispatch_quantize", "quantize { m: 48 n: 7168 dtype: INT8 }"},
    {"dispatch_send", "permute { m: 48 n: 7168 copies: 9 dtype: INT8 }"},
    {"dispatch",
     "moe_dispatch { ranks: 320 tokens_per_rank: 48 hidden: 7168 topk: 9 experts: 320 mode: "
     "LOW_LATENCY dtype: INT8 }"},
    {"gate_up",
     "grouped_gemm { groups: 1 n: 4096 k: 7168 dtype: INT8 m_list: 480 out_dtype: BFLOAT16 }"},
    {"swiglu", "swiglu { m: 480 n: 2048 dtype: BFLOAT16 out_dtype: INT8 }"},
    {"down",
     "grouped_gemm { groups: 1 n: 7168 k: 2048 dtype: INT8 m_list: 480 out_dtype: BFLOAT16 }"},
    {"combine",
     "moe_combine { ranks: 320 tokens_per_rank: 48 hidden: 7168 topk: 9 experts: 320 mode: "
     "LOW_LATENCY dtype: BFLOAT16 }"},
    {"combine_sum", "unpermute { m: 48 n: 7168 copies: 9 dtype: BFLOAT16 }"},
};

const Shapes kCloudMatrixHead = {
    {"embedding", "copy { bytes: 1376256 }"},
    {"residual_head", "copy { bytes: 1376256 }"},
    {"rmsnorm_head", "rmsnorm { m: 96 n: 7168 dtype: BFLOAT16 }"},
    {"head", "gemm { m: 96 n: 129280 k: 7168 dtype: BFLOAT16 out_dtype: FLOAT32 }"},
    {"sample_softmax", "softmax { m: 96 n: 129280 dtype: FLOAT32 }"},
    {"sample_topk", "topk { m: 96 n: 129280 k: 1 }"},
};

const Shapes kH800Attention = {
    {"residual_attn", "copy { bytes: 917504 }"},
    {"rmsnorm_attn", "rmsnorm { m: 64 n: 7168 dtype: BFLOAT16 }"},
    {"quantize_attn", "quantize { m: 64 n: 7168 dtype: FP8_BLOCK }"},
    {"qkv_a", "gemm { m: 64 n: 2112 k: 7168 dtype: FP8_BLOCK out_dtype: BFLOAT16 }"},
    {"rmsnorm_q", "rmsnorm { m: 64 n: 1536 dtype: BFLOAT16 }"},
    {"quantize_q", "quantize { m: 64 n: 1536 dtype: FP8_BLOCK }"},
    {"q_b", "gemm { m: 64 n: 24576 k: 1536 dtype: FP8_BLOCK out_dtype: BFLOAT16 }"},
    {"rmsnorm_kv", "rmsnorm { m: 64 n: 512 dtype: BFLOAT16 }"},
    {"rope_q", "rope { m: 8192 n: 64 dtype: BFLOAT16 }"},
    {"rope_k", "rope { m: 64 n: 64 dtype: BFLOAT16 }"},
    {"kv_append", "copy { bytes: 73728 }"},
    {"absorb_q",
     "batched_gemm { groups: 128 m: 64 n: 512 k: 128 dtype: BFLOAT16 out_dtype: BFLOAT16 }"},
    {"mla_core",
     "mla_decode { batch_size: 64 kv_len: 4096 q_len: 1 num_heads: 128 dtype: BFLOAT16 }"},
    {"absorb_v",
     "batched_gemm { groups: 128 m: 64 n: 128 k: 512 dtype: BFLOAT16 out_dtype: BFLOAT16 }"},
    {"quantize_o", "quantize { m: 64 n: 16384 dtype: FP8_BLOCK }"},
    {"o_proj", "gemm { m: 64 n: 7168 k: 16384 dtype: FP8_BLOCK out_dtype: BFLOAT16 }"},
    {"residual_ffn", "copy { bytes: 917504 }"},
    {"rmsnorm_ffn", "rmsnorm { m: 64 n: 7168 dtype: BFLOAT16 }"},
};

const Shapes kH800Dense = {
    {"quantize_ffn", "quantize { m: 64 n: 7168 dtype: FP8_BLOCK }"},
    {"gate_up", "gemm { m: 64 n: 36864 k: 7168 dtype: FP8_BLOCK out_dtype: BFLOAT16 }"},
    {"swiglu", "swiglu { m: 64 n: 18432 dtype: BFLOAT16 out_dtype: FP8_BLOCK }"},
    {"down", "gemm { m: 64 n: 7168 k: 18432 dtype: FP8_BLOCK out_dtype: BFLOAT16 }"},
};

const Shapes kH800Moe = {
    {"gate", "gemm { m: 64 n: 256 k: 7168 dtype: BFLOAT16 out_dtype: FLOAT32 }"},
    {"topk", "topk { m: 64 n: 256 k: 8 }"},
    {"quantize_ffn", "quantize { m: 64 n: 7168 dtype: FP8_BLOCK }"},
    {"shared_gate_up", "gemm { m: 64 n: 4096 k: 7168 dtype: FP8_BLOCK out_dtype: BFLOAT16 }"},
    {"shared_swiglu", "swiglu { m: 64 n: 2048 dtype: BFLOAT16 out_dtype: FP8_BLOCK }"},
    {"shared_down", "gemm { m: 64 n: 7168 k: 2048 dtype: FP8_BLOCK out_dtype: BFLOAT16 }"},
    {"dispatch_quantize", "quantize { m: 64 n: 7168 dtype: FP8_BLOCK }"},
    {"dispatch_send", "permute { m: 64 n: 7168 copies: 8 dtype: FP8_BLOCK }"},
    {"dispatch",
     "moe_dispatch { ranks: 128 tokens_per_rank: 64 hidden: 7168 topk: 8 experts: 256 mode: "
     "LOW_LATENCY dtype: FP8_BLOCK }"},
    {"gate_up",
     "grouped_gemm { groups: 2 n: 4096 k: 7168 dtype: FP8_BLOCK m_list: 256 m_list: 256 out_dtype: "
     "BFLOAT16 }"},
    {"swiglu", "swiglu { m: 512 n: 2048 dtype: BFLOAT16 out_dtype: FP8_BLOCK }"},
    {"down",
     "grouped_gemm { groups: 2 n: 7168 k: 2048 dtype: FP8_BLOCK m_list: 256 m_list: 256 out_dtype: "
     "BFLOAT16 }"},
    {"combine",
     "moe_combine { ranks: 128 tokens_per_rank: 64 hidden: 7168 topk: 8 experts: 256 mode: "
     "LOW_LATENCY dtype: BFLOAT16 }"},
    {"combine_sum", "unpermute { m: 64 n: 7168 copies: 8 dtype: BFLOAT16 }"},
};

const Shapes kH800Head = {
    {"embedding", "copy { bytes: 1835008 }"},
    {"residual_head", "copy { bytes: 1835008 }"},
    {"rmsnorm_head", "rmsnorm { m: 128 n: 7168 dtype: BFLOAT16 }"},
    {"head", "gemm { m: 128 n: 129280 k: 7168 dtype: BFLOAT16 out_dtype: FLOAT32 }"},
    {"sample_softmax", "softmax { m: 128 n: 129280 dtype: FLOAT32 }"},
    {"sample_topk", "topk { m: 128 n: 129280 k: 1 }"},
};

const Shapes kCloudMatrixMtp = {
    {"embedding", "copy { bytes: 1376256 }"},
    {"rmsnorm_hidden", "rmsnorm { m: 96 n: 7168 dtype: BFLOAT16 }"},
    {"rmsnorm_embedding", "rmsnorm { m: 96 n: 7168 dtype: BFLOAT16 }"},
    {"mtp_proj", "gemm { m: 96 n: 7168 k: 14336 dtype: BFLOAT16 out_dtype: BFLOAT16 }"},
    {"residual_head", "copy { bytes: 1376256 }"},
    {"rmsnorm_head", "rmsnorm { m: 96 n: 7168 dtype: BFLOAT16 }"},
    {"head", "gemm { m: 96 n: 129280 k: 7168 dtype: BFLOAT16 out_dtype: FLOAT32 }"},
    {"sample_softmax", "softmax { m: 96 n: 129280 dtype: FLOAT32 }"},
    {"sample_topk", "topk { m: 96 n: 129280 k: 1 }"},
};

// Labels and shapes of one layer and micro-batch, in order.
Shapes shapes(const Graph& graph, int layer, LayerKind kind, int micro_batch) {
  Shapes found;
  for (const Node& node : graph.nodes) {
    if (node.layer == layer && node.kind == kind && node.micro_batch == micro_batch) {
      found.emplace_back(node.label, fixtures::shape(node));
    }
  }
  return found;
}

Shapes joined(Shapes first, const Shapes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

TEST_CASE("CloudMatrix: shapes of every layer kind") {
  const Graph graph = fixtures::graph(fixtures::cloudmatrix());
  const Shapes moe = joined(kCloudMatrixAttention, kCloudMatrixMoe);
  CHECK(shapes(graph, 1, LayerKind::kDense, 1) == joined(kCloudMatrixAttention, kCloudMatrixDense));
  CHECK(shapes(graph, 3, LayerKind::kMoe, 0) == moe);
  CHECK(shapes(graph, 60, LayerKind::kMoe, 1) == moe);
  CHECK(shapes(graph, kNoLayer, LayerKind::kHead, kAllMicroBatches) == kCloudMatrixHead);
}

TEST_CASE("CloudMatrix: the MTP module is an MoE layer between its projection and a second head") {
  const Graph graph = fixtures::graph(fixtures::cloudmatrix());
  Shapes layer = joined(kCloudMatrixAttention, kCloudMatrixMoe);
  layer.erase(layer.begin());  // no residual before it
  CHECK(shapes(graph, 61, LayerKind::kMtp, 0) == layer);
  CHECK(shapes(graph, 61, LayerKind::kMtp, 1) == layer);
  CHECK(shapes(graph, 61, LayerKind::kMtp, kAllMicroBatches) == kCloudMatrixMtp);
}

TEST_CASE("H800: shapes of every layer kind") {
  const Graph graph = fixtures::graph(fixtures::h800());
  CHECK(shapes(graph, 2, LayerKind::kDense, 0) == joined(kH800Attention, kH800Dense));
  CHECK(shapes(graph, 3, LayerKind::kMoe, 1) == joined(kH800Attention, kH800Moe));
  CHECK(shapes(graph, kNoLayer, LayerKind::kHead, kAllMicroBatches) == kH800Head);
  CHECK(shapes(graph, 61, LayerKind::kMtp, kAllMicroBatches).empty());
}

TEST_CASE("bfloat16 needs no quantisation, a bfloat16 payload is quantised by the experts") {
  const auto count = [](const Scenario& scenario) {
    int quantize = 0;
    for (const auto& [label, shape] : shapes(fixtures::graph(scenario), 7, LayerKind::kMoe, 0)) {
      quantize += shape.rfind("quantize", 0) == 0 ? 1 : 0;
    }
    return quantize;
  };
  Scenario scenario = fixtures::cloudmatrix();
  CHECK(count(scenario) == 4);  // attn, q, o, dispatch
  scenario.mutable_precision()->set_dispatch(DTYPE_BFLOAT16);
  CHECK(count(scenario) == 4);  // attn, q, o, experts
  scenario.mutable_precision()->set_linear(DTYPE_BFLOAT16);
  CHECK(count(scenario) == 0);
}

TEST_CASE("a model without query latent projects queries from its width") {
  Model model = fixtures::deepseek();
  model.mutable_mla()->set_q_rank(0);
  const Scenario scenario = fixtures::h800();
  const Graph graph = decode_step(scenario, model, fixtures::plan(scenario), fixtures::software());
  Shapes layer = shapes(graph, 0, LayerKind::kDense, 0);
  CHECK(layer[2].second == "gemm { m: 64 n: 576 k: 7168 dtype: FP8_BLOCK out_dtype: BFLOAT16 }");
  CHECK(layer[3].first == "q_b");
  CHECK(layer[3].second == "gemm { m: 64 n: 24576 k: 7168 dtype: FP8_BLOCK out_dtype: BFLOAT16 }");
}

TEST_CASE("operands name the tensor and bytes that were just written") {
  const Graph graph = fixtures::graph(fixtures::cloudmatrix());
  for (const Node& node : graph.nodes) {
    if (node.layer != 7 || node.micro_batch != 0) {
      continue;
    }
    if (node.label == "mla_core") {
      REQUIRE(node.operands.size() == 1);
      CHECK(node.operands[0].tensor == "q");
      CHECK(node.operands[0].bytes == 48LL * 128 * 576 * 2);
    } else if (node.label == "down") {
      REQUIRE(node.operands.size() == 1);
      CHECK(node.operands[0].tensor == "a");
      CHECK(node.operands[0].bytes == 480LL * 2048);
      CHECK(graph.nodes[static_cast<std::size_t>(node.operands[0].producer)].label == "swiglu");
    } else if (node.label == "gate_up") {
      CHECK(node.operands.empty());  // the network wrote it
    } else if (node.label == "rmsnorm_kv") {
      REQUIRE(node.operands.size() == 1);
      CHECK(node.operands[0].tensor == "x");
      CHECK(node.operands[0].bytes == 48LL * 512 * 2);
      CHECK(graph.nodes[static_cast<std::size_t>(node.operands[0].producer)].label == "qkv_a");
    }
  }
}
