#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "models/kernels/store.h"
#include "schema/config/catalog.h"
#include "schema/kernel.pb.h"
#include "study/validate/set.h"
#include "study/validate/summary.h"

namespace reticle::study {

struct ValidateOptions {
  Fidelity fidelity = FIDELITY_CYCLE;
  bool full = false;  // every row
};

// A set's result with the pairs behind it, for pictures; disputed rows are left out.
struct ValidatedSet {
  ValidationSetResult result;
  std::vector<Compared> pairs;
  std::string group;
};

// Simulates the rows of the sets and compares. Everything is read and every chip elaborated before
// the first kernel. `progress(set, done, rows)` is called after each row, and may throw to end the
// run there. A row the model refuses is counted, and fails its set.
std::vector<ValidatedSet> validate(
    const config::Catalog& catalog, const std::vector<LoadedSet>& sets,
    const ValidateOptions& options, kernels::Store& store,
    const std::function<void(const std::string&, std::size_t, std::size_t)>& progress);

// The rows of all sets of a group summed up, group by group.
std::vector<ValidationGroup> summed_groups(const std::vector<ValidatedSet>& sets);

}  // namespace reticle::study
