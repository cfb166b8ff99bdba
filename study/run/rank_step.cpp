#include "study/run/rank_step.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "models/kernels/kernel_key.h"
#include "models/systems/rank_transfer.h"
#include "study/kernel/transfer_device.h"
#include "study/run/expert_kernels.h"
#include "study/run/rank_result.h"
#include "study/run/transfer_task.h"

namespace reticle::study {

namespace {

using Rows = std::vector<std::int64_t>;

std::vector<int> layers_with_experts(const llm::Graph& graph) {
  std::set<int> layers;
  for (const llm::Node& node : graph.nodes) {
    if (follows_rows(node)) {
      layers.insert(node.layer);
    }
  }
  return {layers.begin(), layers.end()};
}

std::set<Rows> all_rows(const std::map<int, RowsByRank>& layers) {
  std::set<Rows> out;
  for (const auto& [layer, ranks] : layers) {
    out.insert(ranks.begin(), ranks.end());
  }
  return out;
}

class RankStepBuilder {
 public:
  RankStepBuilder(const ScenarioInputs& inputs, Simulator& simulator, Step& step,
                  std::uint64_t seed)
      : inputs_(inputs),
        simulator_(simulator),
        step_(step),
        ranks_(static_cast<std::size_t>(inputs.scenario.ranks())),
        rows_(rows_of_layers(inputs, layers_with_experts(step.graph), seed)),
        kernels_(simulator, step.power.clock_hz, all_rows(rows_)),
        topology_(inputs.system.message, inputs.machine.placement(), fabric::Grouping::kEveryRank),
        link_bytes_(topology_.resources().size(), 0) {}

  RankStep run() {
    systems::RankTasks tasks(ranks_);
    for (std::size_t i = 0; i < step_.graph.nodes.size(); ++i) {
      add_node(tasks, i);
    }
    const systems::MeetingBodies bodies =
        [this](std::size_t task) -> const std::vector<chips::StreamTask>& { return meeting(task); };
    RankStep out;
    out.run = systems::run_jointly(tasks, shared_kinds(), bodies);
    out.result = rank_result(inputs_, out.run, rows_, topology_, link_bytes_);
    out.held_by = systems::held_on_critical_path(tasks, shared_kinds(), out.run, bodies);
    become_rank(out.run,
                systems::retell_rank(tasks, shared_kinds(), out.run, out.run.straggler, bodies));
    out.rows = rows_;
    return out;
  }

 private:
  struct Variant {
    chips::StreamTask task;
    DemandVector demand;
  };
  // One layer's dispatch or combine, the same for both micro-batches.
  struct Exchange {
    systems::RankTransfers transfers;
    std::vector<DemandVector> devices;  // by rank
    std::vector<chips::StreamTask> bodies;
  };

  void add_node(systems::RankTasks& tasks, std::size_t index) {
    const llm::Node& node = step_.graph.nodes[index];
    if (follows_rows(node)) {
      add_variants(tasks, index);
      return;
    }
    common_.push_back(step_.tasks[index]);
    common_.back().meets = step_.nodes[index].network;
    for (std::size_t rank = 0; rank < ranks_; ++rank) {
      tasks[rank].push_back(&common_.back());
    }
    if (!step_.nodes[index].network) {
      add_energy(step_.nodes[index].dynamic_energy(), 1);
    }
  }

  void add_variants(systems::RankTasks& tasks, std::size_t index) {
    const llm::Node& node = step_.graph.nodes[index];
    std::map<Rows, Variant>& variants = variants_[index];
    for (std::size_t rank = 0; rank < ranks_; ++rank) {
      const Rows& rows = rows_.at(node.layer)[rank];
      const auto [found, fresh] = variants.try_emplace(rows);
      Variant& variant = found->second;
      if (fresh) {
        variant.task = step_.tasks[index];
        variant.task.demands.clear();
        const Cores& cores = step_.nodes[index].cores;
        variant.demand = kernels_.demand(node, cores, rows);
        add_kernel(variant.task, variant.demand, cores_share(cores));
      }
      tasks[rank].push_back(&variant.task);
      add_energy(node_of(variant.demand).dynamic_energy(), 1 / static_cast<double>(ranks_));
    }
  }

  double cores_share(const Cores& cores) const {
    return static_cast<double>(cores.matrix()) /
           static_cast<double>(kernels::all_cores(simulator_.chip()).matrix());
  }

  static StepNode node_of(const DemandVector& demand) {
    StepNode node;
    node.demand = demand;
    return node;
  }

  const std::vector<chips::StreamTask>& meeting(std::size_t task) {
    Exchange& exchange = exchange_of(task);
    if (begun_.insert(task).second) {
      for (std::size_t link = 0; link < link_bytes_.size(); ++link) {
        link_bytes_[link] += exchange.transfers.link_bytes[link];
      }
      for (std::size_t rank = 0; rank < ranks_; ++rank) {
        add_energy(node_of_transfer(exchange, rank).dynamic_energy(),
                   1 / static_cast<double>(ranks_));
      }
    }
    return exchange.bodies;
  }

  static StepNode node_of_transfer(const Exchange& exchange, std::size_t rank) {
    StepNode node = node_of(exchange.devices[rank]);
    node.network = true;
    node.transfer = exchange.transfers.ranks[rank];
    return node;
  }

  Exchange& exchange_of(std::size_t task) {
    const llm::Node& node = step_.graph.nodes[task];
    const auto& op = std::get<CollectiveOperator>(node.op);
    const auto [found, fresh] = exchanges_.try_emplace({node.layer, op.has_moe_dispatch()});
    if (fresh) {
      simulate(found->second, op, node, step_.nodes[task].cores);
    }
    return found->second;
  }

  void simulate(Exchange& exchange, const CollectiveOperator& op, const llm::Node& node,
                const Cores& cores) {
    const Transfers& transfers = inputs_.software.message.transfers();
    const Chip& chip = simulator_.chip();
    const bool dispatch = op.has_moe_dispatch();
    const std::vector<double> share = shares(rows_.at(node.layer));
    exchange.transfers = systems::rank_transfers(
        topology_, transfers, dispatch ? op.moe_dispatch() : op.moe_combine(),
        dispatch ? systems::Direction::kDispatch : systems::Direction::kCombine,
        {share, transfers.send_op() == SEND_OP_AIV_DIRECT, kernels::all_cores(chip).matrix()});
    for (std::size_t rank = 0; rank < ranks_; ++rank) {
      const systems::NetworkCost& cost = exchange.transfers.ranks[rank];
      const auto device = transfer_device(chip, cores.vector(), transfers, op, cost,
                                          share[rank] * static_cast<double>(ranks_));
      exchange.devices.push_back(device ? device->demand : DemandVector());
      exchange.bodies.emplace_back();
      add_transfer(exchange.bodies.back(), chip, cost, exchange.devices.back(),
                   exchange.transfers.received_bytes[rank]);
    }
  }

  void add_energy(const chips::Joules& joules, double share) {
    for (const auto& [component, amount] : joules) {
      dynamic_[component] += amount * share;
    }
  }

  // The step as the straggler sees it, with the mean rank's energy.
  void become_rank(const systems::JointRun& run, std::vector<chips::TaskSpan> spans) {
    step_.rank = run.straggler;
    step_.spans = std::move(spans);
    step_.device_ps = run.end_ps;
    for (std::size_t i = 0; i < step_.nodes.size(); ++i) {
      const auto variants = variants_.find(i);
      if (variants != variants_.end()) {
        const Rows& rows = rows_.at(step_.graph.nodes[i].layer)[run.straggler];
        step_.nodes[i].demand = variants->second.at(rows).demand;
      } else if (step_.nodes[i].network) {
        const Cores cores = step_.nodes[i].cores;
        step_.nodes[i] = node_of_transfer(exchange_of(i), run.straggler);
        step_.nodes[i].cores = cores;
      }
    }
    const double seconds = static_cast<double>(step_.total_ps()) * 1e-12;
    step_.power = power::steady_state(simulator_.power(), step_.power.clock_hz,
                                      chips::load_of(dynamic_, seconds));
    step_.joules = chips::energies(dynamic_, step_.power, seconds);
  }

  const ScenarioInputs& inputs_;
  Simulator& simulator_;
  Step& step_;
  std::size_t ranks_;
  std::map<int, RowsByRank> rows_;
  ExpertKernels kernels_;
  fabric::Topology topology_;
  std::vector<double> link_bytes_;
  std::deque<chips::StreamTask> common_;
  std::map<std::size_t, std::map<Rows, Variant>> variants_;
  std::map<std::pair<int, bool>, Exchange> exchanges_;
  std::set<std::size_t> begun_;
  chips::Joules dynamic_;
};

}  // namespace

RankStep simulate_ranks(const ScenarioInputs& inputs, Simulator& simulator, Step& step,
                        std::uint64_t seed) {
  return RankStepBuilder(inputs, simulator, step, seed).run();
}

}  // namespace reticle::study
