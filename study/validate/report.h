#pragma once

#include <string>
#include <vector>

#include "study/validate/validate.h"

namespace reticle::study {

// One line a set: rows, errors, limit and goal; then what was refused.
std::string validation_text(const ValidationResult& result);

// A page of its own: the same table, and every set's predictions over measurements on logarithmic
// axes. `command` is printed as what made it.
std::string validation_html(const ValidationResult& result, const std::vector<ValidatedSet>& sets,
                            const std::string& command);

}  // namespace reticle::study
