#pragma once

#include <functional>
#include <string>

#include "sim/trace/types.h"
#include "workloads/traces/recording.h"

namespace reticle::study {

// Kineto's word for a category, and back; kOther is "".
std::string category_word(traces::Category category);
traces::Category category_of(const std::string& word);

// What a profiler says of a launch, as a slice's arguments: those that are given. `intern` makes a
// text of `strings` one of the trace.
trace::Args launch_args(const traces::Details& details, const traces::Strings& strings,
                        const std::function<trace::StringId(const std::string&)>& intern);

}  // namespace reticle::study
