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

// kNetwork: transfers of a prefill pass; everything that computes is then on kAttention.
enum class Stream { kAttention, kMoe, kNetwork };

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
// everything is on the attention stream. Of `software` both graphs use `transfers` only.
Graph decode_step(const Scenario& scenario, const Model& model, const Plan& plan,
                  const Software& software);

// One prefill pass over the rank's prompts, logits of their last positions. With two micro-batches
// everything that computes is one stream, in the order attention 0, 1, experts 0, 1 of a layer, and
// the transfers of one micro-batch run beside what the other computes (the schedule of DeepSeek's
// published prefill profile); with one, everything is one chain.
Graph prefill_pass(const Scenario& scenario, const Model& model, const Plan& plan,
                   const Software& software);

// The one that the scenario's phase asks for.
Graph step_graph(const Scenario& scenario, const Model& model, const Plan& plan,
                 const Software& software);

}  // namespace reticle::llm
