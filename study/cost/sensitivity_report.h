#pragma once

#include <functional>

#include "study/cost/cost_study.h"

namespace reticle::study {

// Tornado and Sobol indices of `result` by input, largest swing first. Inputs with neither are left
// out.
void add_sensitivity(const economics::UncertainInputs& inputs,
                     const std::function<double()>& result, uint64_t seed, CostReport& report);

// The value of the question's number that gives its target, all others at their modes. Writes that
// number of `subject`, which `result` reads. UsageError: no such number.
void answer(const CostOptions::Question& question, CostSubject& subject,
            const std::function<double()>& result, CostReport& report);

}  // namespace reticle::study
