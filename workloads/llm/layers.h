#pragma once

#include <string>
#include <vector>

#include "workloads/llm/graph.h"

namespace reticle::llm {

// Grows a graph node after node, each hanging on the one before. A value: copying it forks the
// chain.
class Chain {
 public:
  Chain(Graph& graph, int layer, LayerKind kind, int micro_batch, std::vector<int> after);

  // Appends an operator whose activation operand the node before it wrote; returns its index.
  int add(const std::string& label, Operator op);
  // ... which `producer` wrote.
  int add_reading(int producer, const std::string& label, Operator op);
  // ... which comes from the network or from memory.
  int add_fresh(const std::string& label, Operator op);
  int add(const std::string& label, CollectiveOperator op);

  // The next node also waits for `node`.
  void wait_for(int node) { after_.insert(after_.begin(), node); }
  void set_stream(Stream stream) { stream_ = stream; }
  int last() const { return after_.back(); }

 private:
  int push(Node node);

  Graph* graph_;
  int layer_;
  LayerKind kind_;
  int micro_batch_;
  Stream stream_ = Stream::kAttention;
  std::vector<int> after_;
};

// What the layers of one step have in common.
struct StepContext {
  const Model& model;
  const Precision& precision;
  const Plan& plan;
  const Transfers& transfers;
};

// Quantises the activations the last node wrote, where `dtype` needs it.
void add_quantize(Chain& chain, const std::string& label, std::int64_t m, std::int64_t n,
                  Dtype dtype);

// residual_attn (unless the layer is the first on its input) to rmsnorm_ffn.
void add_attention(Chain& chain, const StepContext& step, bool has_residual);
void add_dense(Chain& chain, const StepContext& step);
// gate and topk to combine_sum; the chain ends on `moe_stream`.
void add_moe(Chain& chain, const StepContext& step, Stream moe_stream);

}  // namespace reticle::llm
