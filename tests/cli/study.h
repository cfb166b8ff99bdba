#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace reticle::test {

// configs/studies/910c-vs-h800-decode.yaml, as shipped.
std::string shipped_study();

// What `run STUDY --json` prints under --set; the run must succeed and say nothing else.
nlohmann::json run_study(const Workspace& workspace, const std::vector<std::string>& settings = {},
                         const std::vector<std::string>& options = {});

// A scenario of the result, by name.
nlohmann::json scenario(const nlohmann::json& result, const std::string& name);

}  // namespace reticle::test
