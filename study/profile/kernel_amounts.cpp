#include "study/profile/kernel_amounts.h"

#include "models/kernels/work.h"
#include "schema/errors.h"
#include "workloads/traces/recognise.h"

namespace reticle::study {

std::vector<KernelAmount> kernel_amounts(const traces::Recording& recording,
                                         const traces::LaunchGraph& graph, const Model& model) {
  const std::vector<traces::RecognisedKernel> kernels = traces::recognise(recording, graph, model);
  std::vector<KernelAmount> out;
  for (std::size_t i = 0; i < graph.tasks.size(); ++i) {
    const auto* op = std::get_if<Operator>(&kernels[i].op);
    if (op == nullptr) {
      continue;
    }
    KernelAmount amount{graph.tasks[i].slice, kernels[i].kernel_class};
    try {
      const kernels::Work work = kernels::work_of(*op);
      amount.operations = work.operations * kernels[i].times;
      for (const kernels::Tensor& tensor : work.tensors) {
        amount.bytes += tensor.bytes * kernels[i].times;
      }
    } catch (const UsageError&) {  // several kernels
    }
    out.push_back(amount);
  }
  return out;
}

}  // namespace reticle::study
