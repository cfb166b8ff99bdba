#pragma once

#include <filesystem>
#include <string>

#include "study/run/run_study.h"

namespace reticle::study {

// Refuses a folder that holds another study's result (UsageError) unless `force`, and a file in its
// place (OutputError). Call it before a long run.
void check_output(const std::filesystem::path& folder, const std::string& study, bool force);

// result.json, manifest.json (when, where, how long: the only file that differs between equal runs)
// and SCENARIO/trace.rtrace for every scenario.
void write_output(const std::filesystem::path& folder, const StudyRun& run, double seconds);

}  // namespace reticle::study
