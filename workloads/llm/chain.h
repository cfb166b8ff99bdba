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
  const std::vector<int>& ends() const { return after_; }  // what the next node waits for

 private:
  int push(Node node);

  Graph* graph_;
  int layer_;
  LayerKind kind_;
  int micro_batch_;
  Stream stream_ = Stream::kAttention;
  std::vector<int> after_;
};

// Quantises the activations the last node wrote, where `dtype` needs it.
void add_quantize(Chain& chain, const std::string& label, std::int64_t m, std::int64_t n,
                  Dtype dtype);

}  // namespace reticle::llm
