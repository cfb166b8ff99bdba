#pragma once

#include <filesystem>
#include <functional>

#include "workloads/traces/recording.h"

namespace reticle::study {

// Any file that says when things happened: .rtrace, Chrome or Kineto JSON (plain or gzip), Perfetto
// protobuf. `progress`: told the share that is read; false ends the reading there (of an .rtrace it
// is not asked). Errors: those of trace_kind and of the readers; UsageError for a Chakra trace.
traces::Recording read_recording(const std::filesystem::path& path,
                                 const std::function<bool(double)>& progress = {});

}  // namespace reticle::study
