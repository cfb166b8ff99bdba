#include "study/run/expert_kernels.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/kernels/demand.h"
#include "models/kernels/work.h"
#include "study/run/rank_plan.h"
#include "workloads/llm/operators.h"

namespace reticle::study {

namespace {

constexpr std::int64_t kTileRows = 16;
constexpr std::int64_t kSteps = 8;  // to an octave

// The node's operator with other rows.
Operator with_rows(Operator op, const std::vector<std::int64_t>& rows) {
  if (op.has_grouped_gemm()) {
    op.mutable_grouped_gemm()->clear_m_list();
    for (const std::int64_t m : rows) {
      op.mutable_grouped_gemm()->add_m_list(m);
    }
  } else if (op.has_swiglu()) {
    op.mutable_swiglu()->set_m(total(rows));
  } else {
    op.mutable_quantize()->set_m(total(rows));
  }
  return op;
}

// What the operator before has just written is still in L2 if both fit.
L2State l2_state(const llm::Node& node, const Operator& op, double capacity) {
  L2State state;
  state.set_start(L2_START_RESIDENT);
  double bytes = 0;
  for (const kernels::Tensor& tensor : kernels::work_of(op).tensors) {
    bytes += tensor.bytes;
  }
  const llm::ActivationOperand operand = llm::activation_operand(op);
  if (!node.operands.empty() && bytes + static_cast<double>(operand.bytes) <= capacity) {
    state.add_resident(operand.tensor);
  }
  return state;
}

}  // namespace

bool follows_rows(const llm::Node& node) {
  const auto* op = std::get_if<Operator>(&node.op);
  const bool experts = node.kind == llm::LayerKind::kMoe || node.kind == llm::LayerKind::kMtp;
  return op != nullptr && experts &&
         (op->has_grouped_gemm() || node.label == "swiglu" || node.label == "quantize_experts");
}

std::pair<std::int64_t, std::int64_t> knots(double rows) {
  if (rows <= 1) {
    return {1, 1};
  }
  std::int64_t step = kTileRows;
  while (static_cast<double>(2 * kSteps * step) <= rows) {
    step *= 2;
  }
  const auto below = static_cast<std::int64_t>(rows / static_cast<double>(step)) * step;
  if (static_cast<double>(below) == rows) {
    return {below, below};
  }
  return {std::max<std::int64_t>(1, below), below + step};
}

ExpertKernels::ExpertKernels(Simulator& simulator, double clock_hz,
                             const std::set<std::vector<std::int64_t>>& all_rows)
    : simulator_(simulator), clock_hz_(clock_hz), exact_(all_rows.size() <= kExact) {}

DemandVector ExpertKernels::demand(const llm::Node& node, const Cores& cores,
                                   const std::vector<std::int64_t>& rows) {
  if (total(rows) == 0) {
    DemandVector nothing;
    nothing.set_bound_by(RESOURCE_LATENCY);
    nothing.set_kernels(1);
    return nothing;
  }
  std::vector<std::int64_t> slots;
  for (const std::int64_t slot : rows) {
    if (slot > 0) {
      slots.push_back(slot);
    }
  }
  std::sort(slots.begin(), slots.end(), std::greater<>());
  const std::string text = std::get<Operator>(node.op).SerializeAsString();
  const auto [found, fresh] = known_.try_emplace({text, cores.matrix(), slots});
  if (fresh) {
    found->second = exact_ ? simulate(node, cores, slots) : between(node, cores, slots);
  }
  return found->second;
}

DemandVector ExpertKernels::simulate(const llm::Node& node, const Cores& cores,
                                     const std::vector<std::int64_t>& rows) {
  const Operator op = with_rows(std::get<Operator>(node.op), rows);
  return simulator_.demand(op, cores, l2_state(node, op, simulator_.chip().l2().capacity()),
                           clock_hz_);
}

DemandVector ExpertKernels::between(const llm::Node& node, const Cores& cores,
                                    const std::vector<std::int64_t>& rows) {
  const double each = static_cast<double>(total(rows)) / static_cast<double>(rows.size());
  const auto [below, above] = knots(each);
  const DemandVector low = simulate(node, cores, std::vector<std::int64_t>(rows.size(), below));
  if (above == below) {
    return low;
  }
  const DemandVector high = simulate(node, cores, std::vector<std::int64_t>(rows.size(), above));
  return kernels::interpolate(
      low, high, (each - static_cast<double>(below)) / static_cast<double>(above - below));
}

}  // namespace reticle::study
