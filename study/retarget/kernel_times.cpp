#include "study/retarget/kernel_times.h"

#include <algorithm>
#include <cmath>

#include "models/chips/hbm_rate.h"
#include "models/kernels/kernel_key.h"
#include "models/systems/collective.h"
#include "schema/config/assign.h"
#include "schema/errors.h"
#include "sim/engine/time.h"
#include "study/kernel/collective_study.h"
#include "study/retarget/attention_backward.h"
#include "study/retarget/waves.h"
#include "study/run/peak.h"

namespace reticle::study {
namespace {

bool has_matrix_unit(const Chip& chip, Dtype dtype) {
  try {
    peak_flops(chip, dtype);
    return true;
  } catch (const UsageError&) {
    return false;
  }
}

// Where an operator says FP8, bfloat16.
void without_fp8(Operator& op) {
  if (op.has_gemm() && op.gemm().dtype() == DTYPE_FP8_BLOCK) {
    op.mutable_gemm()->set_dtype(DTYPE_BFLOAT16);
  } else if (op.has_grouped_gemm() && op.grouped_gemm().dtype() == DTYPE_FP8_BLOCK) {
    op.mutable_grouped_gemm()->set_dtype(DTYPE_BFLOAT16);
  } else if (op.has_swiglu()) {
    op.mutable_swiglu()->set_out_dtype(DTYPE_BFLOAT16);
  }
}

bool is_elementwise(const Operator& op) {
  return op.has_rmsnorm() || op.has_swiglu() || op.has_rope() || op.has_quantize() ||
         op.has_topk() || op.has_copy() || op.has_permute() || op.has_unpermute() ||
         op.has_softmax();
}

// The same work in at least `ps`.
void slow_to(std::int64_t ps, KernelTime& time) {
  if (ps <= time.alone_ps) {
    return;
  }
  for (chips::Demand& demand : time.demands) {
    demand.share *= static_cast<double>(time.alone_ps) / static_cast<double>(ps);
  }
  time.alone_ps = ps;
}

Resource resource_of(const std::string& bound) {
  return bound == "link" ? RESOURCE_LINK : bound == "sync" ? RESOURCE_SYNC : RESOURCE_LATENCY;
}

}  // namespace

const std::vector<Resource>& shared_resources() {
  static const std::vector<Resource> kKinds = {RESOURCE_L2, RESOURCE_HBM, RESOURCE_LINK};
  return kKinds;
}

KernelTimes::KernelTimes(const RetargetMachine& machine)
    : machine_(machine),
      simulator_(machine.simulator),
      cores_(kernels::all_cores(simulator_.chip())),
      has_fp8_(has_matrix_unit(simulator_.chip(), DTYPE_FP8_BLOCK)) {
  if (simulator_.chip().family() != FAMILY_DAVINCI) {  // there, vector cores and DMA communicate
    cores_.set_matrix(std::max<std::int64_t>(cores_.matrix() - machine.comm_cores, 1));
    cores_.set_vector(std::min(cores_.vector(), cores_.matrix()));
  }
}

KernelTime KernelTimes::of(const traces::RecognisedKernel& kernel, const TaskClock& clock) {
  const auto* op = std::get_if<Operator>(&kernel.op);
  const auto* collective = std::get_if<CollectiveOperator>(&kernel.op);
  if (op == nullptr && collective == nullptr) {
    return {};
  }
  const auto [known, fresh] = known_.try_emplace(
      {op != nullptr ? "o" + op->SerializeAsString() : "c" + collective->SerializeAsString(),
       clock.hz, clock.over_share});
  if (fresh) {
    known->second = op != nullptr ? compute(*op, clock) : transfer(*collective);
  }
  KernelTime out = known->second;
  out.alone_ps = std::llround(static_cast<double>(out.alone_ps) * kernel.times);
  for (auto& [component, joules] : out.joules) {
    joules *= kernel.times;
  }
  if (const auto ps =
          attention_backward_ps(kernel, simulator_.chip(), cores_.matrix(), clock.average_hz());
      ps && out.simulated) {
    slow_to(*ps, out);
  }
  out.cores = std::max(out.cores, share_of_cores(kernel));
  if (op != nullptr && out.simulated && is_elementwise(*op)) {
    stretch(out, kernel);
  }
  return out;
}

// SMs that the blocks of its launch need. On AI cores, vector cores and DMA communicate beside the
// products.
double KernelTimes::share_of_cores(const traces::RecognisedKernel& kernel) const {
  const Chip& chip = simulator_.chip();
  const bool transfer = std::holds_alternative<CollectiveOperator>(kernel.op);
  if (chip.family() == FAMILY_DAVINCI) {
    return transfer ? 0 : 1;
  }
  const std::int64_t all = kernels::all_cores(chip).matrix();
  const std::int64_t most = transfer ? all : cores_.matrix();
  const std::int64_t needed = sms_of(kernel.launch);
  return static_cast<double>(needed > 0 ? std::min(needed, most)
                             : transfer ? 0
                                        : most) /
         static_cast<double>(all);
}

// Grids of CUDA's elementwise and row kernels turn over their blocks; persistent matrix kernels
// were launched on the cores that transfers leave.
void KernelTimes::stretch(KernelTime& time, const traces::RecognisedKernel& kernel) const {
  const Chip& chip = simulator_.chip();
  if (chip.family() == FAMILY_DAVINCI || machine_.recorded_cores == 0) {
    return;
  }
  // A block keeps its place for a trip to HBM; along a list in L2, all its threads wait for the one
  // whose index is farthest, at each step.
  const std::int64_t trip = kernel.trips > 1
                                ? kernel.trips * engine::seconds_to_ps(std::max(
                                                     chip.l2().latency(), chip.l2().far_latency()))
                                : engine::seconds_to_ps(chip.hbm().latency() + chip.l2().latency());
  const std::int64_t least = turnover_ps(kernel.launch, cores_.vector(), trip);
  const std::int64_t stretched = std::max(
      least, time.alone_ps * turns(kernel.launch, machine_.recorded_cores, machine_.comm_cores));
  slow_to(stretched, time);
}

KernelTime KernelTimes::compute(Operator op, const TaskClock& clock) {
  if (!has_fp8_) {
    notes_.insert("no FP8 matrix unit: FP8 products in bfloat16, casts to FP8 left out");
    if (op.has_quantize()) {
      KernelTime nothing;
      nothing.simulated = true;
      return nothing;
    }
    without_fp8(op);
  }
  L2State l2;
  l2.set_start(L2_START_COLD);
  try {
    return from_demand(demand_at(
        clock, [&](double clock_hz) { return simulator_.demand(op, cores_, l2, clock_hz); }));
  } catch (const UsageError& error) {
    notes_.insert(config::op_name(op) + " is not simulated: " + error.what());
    return {};
  }
}

KernelTime KernelTimes::from_demand(const DemandVector& demand) const {
  KernelTime out;
  out.simulated = true;
  out.alone_ps = demand.time_ps();
  out.bound_by = demand.bound_by();
  const auto alone = static_cast<double>(std::max<std::int64_t>(out.alone_ps, 1));
  for (const ResourceUse& use : demand.use()) {
    const double share = std::min(1.0, static_cast<double>(use.busy_ps()) / alone);
    if (use.resource() == RESOURCE_L2) {
      out.demands.push_back({kSharedL2, share});
    } else if (use.resource() == RESOURCE_HBM) {
      out.demands.push_back({kSharedHbm, share});
    }
  }
  for (const ComponentEnergy& energy : demand.energy()) {
    out.joules[energy.component()] += energy.joules();
  }
  return out;
}

// To what the target's units and library have.
void KernelTimes::adapt(CollectiveOperator& op) {
  if (!has_fp8_ && op.has_moe_dispatch()) {
    op.mutable_moe_dispatch()->set_dtype(DTYPE_BFLOAT16);
  }
  if (!op.has_moe_dispatch() && !op.has_moe_combine()) {
    return;
  }
  MoeTransfer& transfer =
      op.has_moe_dispatch() ? *op.mutable_moe_dispatch() : *op.mutable_moe_combine();
  if (!simulator_.software().transfers().has_normal() && transfer.mode() == TRANSFER_MODE_NORMAL) {
    notes_.insert("transfers in the library's low-latency mode: it has no other");
    transfer.set_mode(TRANSFER_MODE_LOW_LATENCY);
    transfer.clear_sms();
  }
}

KernelTime KernelTimes::transfer(CollectiveOperator op) {
  adapt(op);
  // SMs of dispatch and combine are held throughout (comm_cores); a collective's come and go.
  const bool exchange = op.has_moe_dispatch() || op.has_moe_combine();
  const std::int64_t sms = exchange ? 0 : kernels::all_cores(simulator_.chip()).matrix();
  try {
    const systems::CollectiveEstimate estimate =
        systems::collective(machine_.system, machine_.ranks_per_package, simulator_.software(), op,
                            core_work(simulator_, op), sms);
    KernelTime out;
    out.simulated = true;
    out.alone_ps = std::llround(estimate.time_us * 1e6);
    out.bound_by = resource_of(estimate.bound_by);
    const auto alone = static_cast<double>(std::max<std::int64_t>(out.alone_ps, 1));
    out.demands.push_back(
        {kSharedLink, std::min(1.0, static_cast<double>(estimate.network.wire_ps) / alone)});
    out.cores = estimate.network.cores_share;
    // It reads what it sends from HBM and writes what it receives there.
    const double moved =
        2 * estimate.network.payload_bytes() / chips::hbm_rate(simulator_.chip().hbm());
    out.demands.push_back({kSharedHbm, std::min(1.0, moved * 1e12 / alone)});
    out.joules["link"] = estimate.network.energy_j();
    return out;
  } catch (const UsageError& error) {
    notes_.insert(config::op_name(op) + " is not simulated: " + error.what());
    return {};
  }
}

}  // namespace reticle::study
