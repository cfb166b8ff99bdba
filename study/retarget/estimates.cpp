#include "study/retarget/estimates.h"

#include <algorithm>

#include "models/kernels/work.h"
#include "schema/errors.h"
#include "workloads/traces/recognise.h"

namespace reticle::study {
namespace {

struct Amount {
  double operations = 0;
  double bytes = 0;
};

// Nothing for what is several kernels.
Amount amount_of(const Operator& op) {
  Amount amount;
  try {
    const kernels::Work work = kernels::work_of(op);
    amount.operations = work.operations;
    for (const kernels::Tensor& tensor : work.tensors) {
      amount.bytes += tensor.bytes;
    }
  } catch (const UsageError&) {
  }
  return amount;
}

}  // namespace

void add_estimates(const traces::Recording& recording, const Model& model, ProfileInfo& info) {
  const traces::LaunchGraph graph = traces::launch_graph(recording);
  const std::vector<traces::RecognisedKernel> kernels = traces::recognise(recording, graph, model);
  for (std::size_t i = 0; i < graph.tasks.size(); ++i) {
    const auto* op = std::get_if<Operator>(&kernels[i].op);
    const auto found = std::find_if(
        info.classes.begin(), info.classes.end(),
        [&](const ProfileClass& c) { return c.kernel_class == kernels[i].kernel_class; });
    if (op == nullptr || found == info.classes.end()) {
      continue;
    }
    const Amount amount = amount_of(*op);
    found->operations += amount.operations * kernels[i].times;
    found->bytes += amount.bytes * kernels[i].times;
    found->estimated_ps += recording.slices.duration_ps[graph.tasks[i].slice];
  }
}

}  // namespace reticle::study
