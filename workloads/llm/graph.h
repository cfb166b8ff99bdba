#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "schema/model.pb.h"
#include "schema/operator.pb.h"
#include "schema/scenario.pb.h"
#include "schema/software.pb.h"
#include "workloads/llm/plan.h"

namespace reticle::llm {

// kHead: outside the decoder layers (embedding, LM head, sampling).
enum class LayerKind { kDense, kMoe, kMtp, kHead };

enum class Stream { kAttention, kMoe };

constexpr int kNoLayer = -1;
constexpr int kAllMicroBatches = -1;

// An operand that another operator of this step has written: a candidate for L2 residency.
struct Operand {
  std::string tensor;  // name in the kernel key's L2 state: "a", "q", "x"
  std::int64_t bytes = 0;
  int producer = 0;  // index of the node that wrote it
};

struct Node {
  std::string label;     // stable name: docs/workload.md
  int layer = kNoLayer;  // from 0; MTP modules follow the decoder layers
  LayerKind kind = LayerKind::kHead;
  int micro_batch = kAllMicroBatches;
  Stream stream = Stream::kAttention;
  std::variant<Operator, CollectiveOperator> op;
  std::vector<int> dependencies;  // indices of earlier nodes
  std::vector<Operand> operands;
};

// In topological order; the nodes of one stream run in index order.
struct Graph {
  std::vector<Node> nodes;
};

// One decode step of the busiest rank. With two micro-batches attention and MoE are on streams of
// their own, so that the MoE part of one runs beside attention of the other; with one micro-batch
// everything is on the attention stream. Of `software` it uses `transfers.send_op` only.
Graph decode_step(const Scenario& scenario, const Model& model, const Plan& plan,
                  const Software& software);

}  // namespace reticle::llm
