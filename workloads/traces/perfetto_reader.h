#pragma once

#include <filesystem>
#include <functional>

#include "workloads/traces/recording.h"

namespace reticle::traces {

// Reads the track events of a Perfetto trace (protobuf): slices, counters, flows, names of
// processes and threads; times are nanoseconds. Packets of other kinds are skipped; compressed ones
// are counted under Oddities::unknown_phases. A file cut short is read as far as it goes.
// `progress`: told the share that is read; false ends the reading there. Errors: UsageError: no
// such file. InputError: no Perfetto trace, or one without events.
Recording read_perfetto(const std::filesystem::path& path,
                        const std::function<bool(double)>& progress = {});

}  // namespace reticle::traces
