#include "study/run/step_builder.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "models/kernels/kernel_key.h"
#include "models/kernels/work.h"
#include "models/systems/moe_transfer.h"
#include "study/kernel/kernel_study.h"
#include "study/kernel/transfer_device.h"
#include "study/run/transfer_task.h"

namespace reticle::study {

namespace {

// Bytes a node moves through L2, to judge what is still there later.
double footprint(const llm::Node& node) {
  const auto* op = std::get_if<Operator>(&node.op);
  if (op == nullptr) {
    return 0;
  }
  double bytes = 0;
  for (const kernels::Tensor& tensor : kernels::work_of(*op).tensors) {
    bytes += tensor.bytes;
  }
  return bytes;
}

class StepBuilder {
 public:
  StepBuilder(const ScenarioInputs& inputs, Simulator& simulator, Fidelity fidelity,
              const RunClocks& clocks)
      : inputs_(inputs),
        simulator_(simulator),
        fidelity_(fidelity),
        clocks_(clocks),
        topology_(inputs.system.message, inputs.machine.placement(), fabric::Grouping::kOneForAll) {
    step_.graph =
        llm::step_graph(inputs.scenario, inputs.model, inputs.plan, inputs.software.message);
    for (const llm::Node& node : step_.graph.nodes) {
      moved_.push_back((moved_.empty() ? 0 : moved_.back()) + footprint(node));
    }
    for (const FusedKernel& fused : inputs.software.message.fused()) {
      for (const std::string& label : fused.ops()) {
        fused_[label] = fused.name();
      }
    }
  }

  Step build() {
    for (std::size_t i = 0; i < step_.graph.nodes.size(); ++i) {
      step_.nodes.push_back(node(i));
      step_.tasks.push_back(task(i));
    }
    step_.spans = chips::run_streams(step_.tasks, shared_kinds());
    for (const chips::TaskSpan& span : step_.spans) {
      step_.device_ps = std::max(step_.device_ps, span.end);
    }
    const Host& host = inputs_.software.message.host();
    step_.host_ps = engine::seconds_to_ps(host.time_per_step() + host.verification());
    return std::move(step_);
  }

 private:
  StepNode node(std::size_t index) {
    const llm::Node& node = step_.graph.nodes[index];
    StepNode result;
    result.cores = stream_cores(inputs_, node.stream == llm::Stream::kAttention,
                                node.micro_batch == llm::kAllMicroBatches);
    if (const auto* collective = std::get_if<CollectiveOperator>(&node.op)) {
      result.network = true;
      result.transfer = transfer(*collective);
      const auto device = transfer_device(simulator_.chip(), result.cores.vector(),
                                          inputs_.software.message.transfers(), *collective,
                                          result.transfer, busiest_rows());
      if (device) {
        result.demand = device->demand;
      }
      return result;
    }
    const auto& op = std::get<Operator>(node.op);
    const L2State l2 = l2_state(index);
    result.demand = demand_at(clocks_.of_task(index), [&](double clock_hz) {
      return fidelity_ == simulator_.fidelity() ? simulator_.demand(op, result.cores, l2, clock_hz)
                                                : simulator_.fast(op, result.cores, l2, clock_hz);
    });
    return result;
  }

  systems::NetworkCost transfer(const CollectiveOperator& op) const {
    const MoeTransfer& transfer = op.has_moe_dispatch() ? op.moe_dispatch() : op.moe_combine();
    const auto direction =
        op.has_moe_dispatch() ? systems::Direction::kDispatch : systems::Direction::kCombine;
    systems::NetworkCost cost =
        systems::moe_transfer(topology_, inputs_.software.message.transfers(), transfer, direction,
                              kernels::all_cores(simulator_.chip()).matrix())
            .network;
    // The busiest rank's rows pass its own ports; a transfer ends when the last rank is done.
    cost.wire_ps = times(cost.wire_ps, busiest_rows());
    cost.receive_ps = times(cost.receive_ps, busiest_rows());
    return cost;
  }

  // Rows of the simulated rank's experts over the mean rank's: ranks that hold copies have fewer.
  double busiest_rows() const {
    double rows = 0;
    for (const std::int64_t slot : inputs_.plan.rank_rows) {
      rows += static_cast<double>(slot);
    }
    return rows / static_cast<double>(inputs_.plan.tokens * inputs_.plan.destinations);
  }

  static std::int64_t times(std::int64_t ps, double factor) {
    return std::llround(static_cast<double>(ps) * factor);
  }

  // An operand is still in L2 if everything moved since it was written fits beside it.
  L2State l2_state(std::size_t index) const {
    L2State state;
    state.set_start(L2_START_RESIDENT);
    for (const llm::Operand& operand : step_.graph.nodes[index].operands) {
      const double since = moved_[index] - moved_[static_cast<std::size_t>(operand.producer)];
      if (since + static_cast<double>(operand.bytes) <= simulator_.chip().l2().capacity()) {
        state.add_resident(operand.tensor);
      }
    }
    return state;
  }

  chips::StreamTask task(std::size_t index) {
    const llm::Node& node = step_.graph.nodes[index];
    chips::StreamTask task;
    task.stream = static_cast<std::size_t>(node.stream);
    task.after.assign(node.dependencies.begin(), node.dependencies.end());
    task.lead = lead(index);
    const StepNode& cost = step_.nodes[index];
    if (cost.network) {
      add_transfer(task, simulator_.chip(), cost.transfer, cost.demand,
                   cost.transfer.payload_bytes());
    } else {
      const Cores all = kernels::all_cores(simulator_.chip());
      add_kernel(task, cost.demand,
                 static_cast<double>(cost.cores.matrix()) / static_cast<double>(all.matrix()));
    }
    return task;
  }

  // Launch time, once for a fused kernel: the first of its operators pays.
  engine::Ps lead(std::size_t index) {
    const llm::Node& node = step_.graph.nodes[index];
    const auto found = fused_.find(node.label);
    const std::string group = found == fused_.end() ? "" : found->second;
    LastKernel& last = last_[node.stream];
    const bool inside = !group.empty() && group == last.group && node.layer == last.layer &&
                        node.micro_batch == last.micro_batch;
    last = {group, node.layer, node.micro_batch};
    const std::uint32_t kernels =
        step_.nodes[index].network ? 1 : step_.nodes[index].demand.kernels();
    return inside
               ? 0
               : launch_ps(inputs_.software.message, kernels, step_.nodes[index].cores.matrix()) +
                     counts_ps(node);
  }

  // In the normal mode the host launches a dispatch when it has read how many rows will come.
  engine::Ps counts_ps(const llm::Node& node) const {
    const auto* op = std::get_if<CollectiveOperator>(&node.op);
    const bool waits = op != nullptr && op->has_moe_dispatch() &&
                       op->moe_dispatch().mode() == TRANSFER_MODE_NORMAL;
    const Transfers& transfers = inputs_.software.message.transfers();
    return waits ? engine::seconds_to_ps(transfers.normal().counts()) : 0;
  }

  struct LastKernel {
    std::string group;
    int layer = llm::kNoLayer;
    int micro_batch = 0;
  };

  const ScenarioInputs& inputs_;
  Simulator& simulator_;
  Fidelity fidelity_;
  const RunClocks& clocks_;
  fabric::Topology topology_;
  Step step_;
  std::vector<double> moved_;  // bytes moved by the nodes up to and including each
  std::map<std::string, std::string> fused_;
  std::map<llm::Stream, LastKernel> last_;
};

}  // namespace

Step build_step(const ScenarioInputs& inputs, Simulator& simulator, Fidelity fidelity,
                const RunClocks& clocks) {
  return StepBuilder(inputs, simulator, fidelity, clocks).build();
}

}  // namespace reticle::study
