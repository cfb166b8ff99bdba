#pragma once

#include "gui/model/profile_context.h"
#include "gui/model/trace_data.h"
#include "workloads/traces/recording.h"

namespace reticle::gui {

// A recording as lanes: a process is a rank (a device) or a host, its tracks are streams or
// threads, a track that holds another's overlaps lies below it. What a profiler says of a slice
// becomes arguments, and so do its `figures` (operations, hbm_bytes); oddities become warnings.
// `keys`: where slice i of the recording went.
Contents contents_of(const traces::Recording& recording, const ProfileFigures& figures,
                     std::vector<SliceKey>& keys);

}  // namespace reticle::gui
