#include "study/retarget/estimates.h"

#include <algorithm>

#include "study/profile/kernel_amounts.h"

namespace reticle::study {

void add_estimates(const traces::Recording& recording, const Model& model, ProfileInfo& info) {
  const traces::LaunchGraph graph = traces::launch_graph(recording);
  for (const KernelAmount& amount : kernel_amounts(recording, graph, model)) {
    const auto found =
        std::find_if(info.classes.begin(), info.classes.end(),
                     [&](const ProfileClass& c) { return c.kernel_class == amount.kernel_class; });
    if (found != info.classes.end()) {
      found->operations += amount.operations;
      found->bytes += amount.bytes;
      found->estimated_ps += recording.slices.duration_ps[amount.slice];
    }
  }
}

}  // namespace reticle::study
