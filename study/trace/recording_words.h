#pragma once

#include <string>

#include "workloads/traces/recording.h"

namespace reticle::study {

// Kineto's word for a category, and back; kOther is "".
std::string category_word(traces::Category category);
traces::Category category_of(const std::string& word);

}  // namespace reticle::study
