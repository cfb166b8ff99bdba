#include "workloads/llm/chain.h"

#include <algorithm>
#include <utility>

#include "schema/dtype.h"
#include "schema/operators.h"
#include "workloads/llm/operators.h"

namespace reticle::llm {

Chain::Chain(Graph& graph, int layer, LayerKind kind, int micro_batch, std::vector<int> after)
    : graph_(&graph),
      layer_(layer),
      kind_(kind),
      micro_batch_(micro_batch),
      after_(std::move(after)) {}

int Chain::push(Node node) {
  node.layer = layer_;
  node.kind = kind_;
  node.micro_batch = micro_batch_;
  node.stream = stream_;
  node.dependencies = after_;
  std::sort(node.dependencies.begin(), node.dependencies.end());
  graph_->nodes.push_back(std::move(node));
  const int index = static_cast<int>(graph_->nodes.size()) - 1;
  after_ = {index};
  return index;
}

int Chain::add(const std::string& label, Operator op) {
  return after_.empty() ? add_fresh(label, std::move(op))
                        : add_reading(last(), label, std::move(op));
}

int Chain::add_reading(int producer, const std::string& label, Operator op) {
  if (std::holds_alternative<CollectiveOperator>(
          graph_->nodes[static_cast<std::size_t>(producer)].op)) {
    return add_fresh(label, std::move(op));  // the network wrote it
  }
  const ActivationOperand operand = activation_operand(op);
  Node node;
  node.label = label;
  node.operands = {{operand.tensor, operand.bytes, producer}};
  node.op = std::move(op);
  return push(std::move(node));
}

int Chain::add_fresh(const std::string& label, Operator op) {
  Node node;
  node.label = label;
  node.op = std::move(op);
  return push(std::move(node));
}

int Chain::add(const std::string& label, CollectiveOperator op) {
  Node node;
  node.label = label;
  node.op = std::move(op);
  return push(std::move(node));
}

void add_quantize(Chain& chain, const std::string& label, std::int64_t m, std::int64_t n,
                  Dtype dtype) {
  if (is_quantized(dtype)) {
    chain.add(label, operators::quantize(m, n, dtype));
  }
}

}  // namespace reticle::llm
