#pragma once

#include <string>
#include <vector>

#include "sim/trace/summary.h"

namespace reticle::study {

// "system/rank 3/stream 0" for every track; entry i belongs to track i + 1.
std::vector<std::string> track_paths(const trace::Summary& summary);

// The kind as a word: rank, stream, ...; "kind 37" for one that a later version added.
std::string track_kind(trace::TrackKind kind);

}  // namespace reticle::study
