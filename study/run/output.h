#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "study/run/run_study.h"

namespace reticle::study {

// Refuses a folder that holds another study's result (UsageError) unless `force`, and a file in its
// place (OutputError). Call it before a long run.
void check_output(const std::filesystem::path& folder, const std::string& study, bool force);

// How a run was asked for, so that `explain` can ask again.
struct Request {
  std::filesystem::path study;
  std::vector<std::string> settings;  // PATH=VALUE
};

// result.json, manifest.json (from what, when, where, how long: the only file that differs between
// equal runs) and SCENARIO/trace.rtrace for every scenario.
void write_output(const std::filesystem::path& folder, const StudyRun& run, const Request& request,
                  double seconds);

// What a run in `folder` was asked for. UsageError if there is none, InputError if its manifest
// does not say.
Request read_request(const std::filesystem::path& folder);

}  // namespace reticle::study
