#include "models/kernels/demand.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "schema/dtype.h"

namespace reticle::kernels {

namespace {

constexpr double kRotated = 6;  // shared/data/README: "up to 6 copies of the operands in turn"

struct Totals {
  std::map<Resource, double> busy_cycles;
  std::map<Resource, double> operations;
  double local_bytes = 0;
};

Totals sum(const std::vector<compute::Activity>& cores) {
  Totals totals;
  for (const compute::Activity& core : cores) {
    for (const auto& [resource, cycles] : core.busy) {
      totals.busy_cycles[resource] += static_cast<double>(cycles);
    }
    for (const auto& [resource, operations] : core.operations) {
      totals.operations[resource] += operations;
    }
    totals.local_bytes += core.local_bytes;
  }
  return totals;
}

void add_use(DemandVector& demand, Resource resource, double busy_ps, double amount,
             engine::Ps backlog = 0) {
  if (busy_ps <= 0 && amount <= 0) {
    return;
  }
  ResourceUse* use = demand.add_use();
  use->set_resource(resource);
  use->set_busy_ps(std::llround(busy_ps));
  use->set_amount(amount);
  use->set_backlog_ps(backlog);
}

// Busy time of units that every allotted core has one of, averaged over them.
void add_core_use(DemandVector& demand, const Totals& totals, Resource resource,
                  const KernelKey& key) {
  const auto found = totals.busy_cycles.find(resource);
  if (found == totals.busy_cycles.end()) {
    return;
  }
  const bool matrix = resource == RESOURCE_TENSOR || resource == RESOURCE_SMEM;
  const auto cores = static_cast<double>(matrix ? key.cores().matrix() : key.cores().vector());
  const auto operations = totals.operations.find(resource);
  add_use(demand, resource, found->second / cores * (1e12 / key.clock_hz()),
          operations == totals.operations.end() ? 0 : operations->second);
}

double matrix_energy(const Energy& energy, Dtype dtype) {
  for (const MatrixEnergy& entry : energy.matrix()) {
    if (entry.dtype() == matrix_dtype(dtype)) {
      return entry.op();
    }
  }
  return 0;
}

void add_energy(DemandVector& demand, const std::string& component, double joules) {
  if (joules > 0) {
    ComponentEnergy* energy = demand.add_energy();
    energy->set_component(component);
    energy->set_joules(joules);
  }
}

double operations_of(const Totals& totals, Resource resource) {
  const auto found = totals.operations.find(resource);
  return found == totals.operations.end() ? 0 : found->second;
}

// Bytes of all tensors of an operator's kernels, and those of them that are written.
struct Footprint {
  double bytes = 0;
  double written = 0;
};

Footprint footprint(const std::vector<Work>& kernels) {
  Footprint sum;
  for (const Work& kernel : kernels) {
    for (const Tensor& tensor : kernel.tensors) {
      sum.bytes += tensor.carried ? 0 : tensor.bytes;
      sum.written += tensor.output ? tensor.bytes : 0;
    }
  }
  return sum;
}

double share_of_time(const DemandVector& demand, const DemandVector& next) {
  const auto all = static_cast<double>(demand.time_ps() + next.time_ps());
  return all == 0 ? 1 : static_cast<double>(demand.time_ps()) / all;
}

void add_backlog(ResourceUse& use, const ResourceUse& other, double share) {
  use.set_backlog_ps(use.backlog_ps() +
                     std::llround(static_cast<double>(other.backlog_ps()) * share));
}

// The busiest resource (of equals the first), if one was busy for at least half of the time; else
// waiting was what took it.
Resource binding(const DemandVector& demand) {
  Resource most = RESOURCE_LATENCY;
  std::int64_t busy = (demand.time_ps() - 1) / 2;
  for (const ResourceUse& use : demand.use()) {
    if (use.busy_ps() > busy) {
      busy = use.busy_ps();
      most = use.resource();
    }
  }
  return most;
}

std::int64_t mix(std::int64_t a, std::int64_t b, double share) {
  return std::llround(static_cast<double>(a) + static_cast<double>(b - a) * share);
}

}  // namespace

DemandVector demand_of(const compute::TileProgram& program, const chips::RunActivity& activity,
                       const KernelKey& key) {
  const Totals totals = sum(activity.cores);
  const Energy& energy = key.chip().energy();
  DemandVector demand;
  demand.set_time_ps(activity.elapsed);
  for (const Resource resource : {RESOURCE_TENSOR, RESOURCE_VECTOR, RESOURCE_SFU, RESOURCE_SMEM}) {
    add_core_use(demand, totals, resource, key);
  }
  add_use(demand, RESOURCE_L2, static_cast<double>(activity.l2_busy), activity.l2_bytes);
  add_use(demand, RESOURCE_HBM, static_cast<double>(activity.hbm_busy), activity.hbm_bytes,
          activity.hbm_backlog);
  add_use(demand, RESOURCE_NOC, static_cast<double>(activity.port_busy), activity.l2_bytes);
  add_energy(demand, "hbm", activity.hbm_bytes * energy.hbm_byte());
  add_energy(demand, "l2", activity.l2_bytes * energy.l2_byte());
  add_energy(demand, "local", totals.local_bytes * energy.local_byte());
  add_energy(demand, "matrix",
             operations_of(totals, RESOURCE_TENSOR) * matrix_energy(energy, program.matrix_dtype));
  add_energy(demand, "vector",
             (operations_of(totals, RESOURCE_VECTOR) + operations_of(totals, RESOURCE_SFU)) *
                 energy.vector_op());
  demand.set_bound_by(binding(demand));
  demand.set_operations(program.operations);
  demand.set_events(activity.events);
  demand.set_variant(program.variant);
  demand.set_kernels(1);
  return demand;
}

void drop_padding(DemandVector& demand) {
  for (const ResourceUse& use : demand.use()) {
    for (ComponentEnergy& energy : *demand.mutable_energy()) {
      if (use.resource() == RESOURCE_TENSOR && energy.component() == "matrix" &&
          use.amount() > demand.operations()) {
        energy.set_joules(energy.joules() * demand.operations() / use.amount());
      }
    }
  }
}

DemandVector interpolate(DemandVector low, const DemandVector& high, double share) {
  low.set_time_ps(mix(low.time_ps(), high.time_ps(), share));
  low.set_operations(low.operations() + (high.operations() - low.operations()) * share);
  for (ResourceUse& use : *low.mutable_use()) {
    for (const ResourceUse& other : high.use()) {
      if (other.resource() == use.resource()) {
        use.set_busy_ps(mix(use.busy_ps(), other.busy_ps(), share));
        use.set_amount(use.amount() + (other.amount() - use.amount()) * share);
        use.set_backlog_ps(mix(use.backlog_ps(), other.backlog_ps(), share));
        for (int i = 0; i < std::min(use.response_size(), other.response_size()); ++i) {
          use.mutable_response(i)->set_time_ps(
              mix(use.response(i).time_ps(), other.response(i).time_ps(), share));
        }
      }
    }
  }
  for (ComponentEnergy& energy : *low.mutable_energy()) {
    for (const ComponentEnergy& other : high.energy()) {
      if (other.component() == energy.component()) {
        energy.set_joules(energy.joules() + (other.joules() - energy.joules()) * share);
      }
    }
  }
  if (share > 1 - share) {
    low.set_bound_by(high.bound_by());
  }
  return low;
}

void append(DemandVector& demand, const DemandVector& next) {
  const double before = share_of_time(demand, next);
  for (ResourceUse& use : *demand.mutable_use()) {
    use.set_backlog_ps(std::llround(static_cast<double>(use.backlog_ps()) * before));
  }
  for (const ResourceUse& use : next.use()) {
    auto* all = demand.mutable_use();
    const auto same = std::find_if(all->begin(), all->end(), [&use](const ResourceUse& other) {
      return other.resource() == use.resource();
    });
    if (same == all->end()) {
      ResourceUse& added = *demand.add_use();
      added = use;
      added.set_backlog_ps(0);
      add_backlog(added, use, 1 - before);
    } else {
      add_backlog(*same, use, 1 - before);
      same->set_busy_ps(same->busy_ps() + use.busy_ps());
      same->set_amount(same->amount() + use.amount());
    }
  }
  for (const ComponentEnergy& energy : next.energy()) {
    auto* all = demand.mutable_energy();
    const auto same =
        std::find_if(all->begin(), all->end(), [&energy](const ComponentEnergy& other) {
          return other.component() == energy.component();
        });
    if (same == all->end()) {
      *demand.add_energy() = energy;
    } else {
      same->set_joules(same->joules() + energy.joules());
    }
  }
  std::sort(demand.mutable_use()->begin(), demand.mutable_use()->end(),
            [](const ResourceUse& a, const ResourceUse& b) { return a.resource() < b.resource(); });
  std::sort(demand.mutable_energy()->begin(), demand.mutable_energy()->end(),
            [](const ComponentEnergy& a, const ComponentEnergy& b) {
              return a.component() < b.component();
            });
  demand.set_time_ps(demand.time_ps() + next.time_ps());
  demand.set_events(demand.events() + next.events());
  demand.set_kernels(demand.kernels() + next.kernels());
  demand.set_operations(demand.operations() + next.operations());
  const bool both = !demand.variant().empty() && !next.variant().empty();
  demand.set_variant(demand.variant() + (both ? "; " : "") + next.variant());
  demand.set_bound_by(binding(demand));
}

void take_response(DemandVector& demand, const DemandVector& other) {
  const auto alone = static_cast<double>(std::max<std::int64_t>(1, other.time_ps()));
  for (ResourceUse& use : *demand.mutable_use()) {
    for (const ResourceUse& same : other.use()) {
      if (same.resource() == use.resource()) {
        *use.mutable_response() = same.response();
      }
    }
    for (WaitResponse& response : *use.mutable_response()) {
      response.set_time_ps(std::llround(static_cast<double>(demand.time_ps()) *
                                        static_cast<double>(response.time_ps()) / alone));
    }
  }
}

// Attention is captured and replayed alone (ai-dynamo/aiconfigurator, collector/helper.py
// benchmark_with_power, repeat_n of its callers).
double operands_rotated(const Operator& op) {
  const bool alone = op.has_attention_decode() || op.has_attention_prefill() ||
                     op.has_mla_decode() || op.has_mla_prefill();
  return alone ? 1 : kRotated;
}

L2State start_state(const std::vector<Work>& kernels, const L2State& state, double copies,
                    double capacity) {
  L2State start = state;
  if (state.start() == L2_START_BENCH && copies * footprint(kernels).bytes > capacity) {
    start.set_start(L2_START_COLD);
  }
  return start;
}

double dirty_share(const std::vector<Work>& kernels, const L2State& state, double copies,
                   const L2& l2) {
  if (state.start() == L2_START_FLUSHED) {
    return l2.dirty_after_writes();
  }
  const Footprint once = footprint(kernels);
  const bool turns_over = copies * once.bytes > l2.capacity();
  return state.start() == L2_START_BENCH && turns_over ? once.written / once.bytes : 0;
}

std::vector<std::string> resident_tensors(const std::vector<Tensor>& tensors, const L2State& state,
                                          double capacity) {
  std::vector<Tensor> inputs;
  for (const Tensor& tensor : tensors) {
    const bool named = state.start() == L2_START_RESIDENT &&
                       std::find(state.resident().begin(), state.resident().end(), tensor.name) !=
                           state.resident().end();
    if (!tensor.output && (tensor.carried || named || state.start() == L2_START_BENCH)) {
      inputs.push_back(tensor);
    }
  }
  std::stable_sort(inputs.begin(), inputs.end(), [](const Tensor& a, const Tensor& b) {
    return a.carried != b.carried ? a.carried : a.bytes < b.bytes;
  });
  std::vector<std::string> names;
  double used = 0;
  for (const Tensor& tensor : inputs) {
    used += tensor.bytes;
    if (used <= capacity) {
      names.push_back(tensor.name);
    }
  }
  return names;
}

}  // namespace reticle::kernels
