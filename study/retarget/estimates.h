#pragma once

#include "schema/model.pb.h"
#include "study/trace/profile_info.h"

namespace reticle::study {

// Adds to the classes of `info` (of this recording) the operations and bytes of the kernels whose
// shapes name, grid and launches give (docs/recordings.md). `model` gives widths that grids do not
// tell; without it (hidden 0) fewer kernels are known.
void add_estimates(const traces::Recording& recording, const Model& model, ProfileInfo& info);

}  // namespace reticle::study
