#include "study/run/output.h"

#include <unistd.h>

#include <array>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>

#include "schema/errors.h"
#include "schema/json.h"
#include "study/files.h"
#include "study/run/rank_trace.h"
#include "study/run/step_trace.h"

namespace reticle::study {

namespace fs = std::filesystem;

namespace {

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string study_of(const fs::path& result) {
  std::ifstream in(result);
  const nlohmann::json json = nlohmann::json::parse(in, nullptr, false);
  const auto study = json.is_object() ? json.find("study") : json.end();
  return study != json.end() && study->is_string() ? study->get<std::string>() : "";
}

}  // namespace

void check_output(const fs::path& folder, const std::string& study, bool force) {
  make_folder(folder);
  const fs::path result = folder / "result.json";
  std::error_code error;
  if (force || !fs::exists(result, error)) {
    return;
  }
  const std::string other = study_of(result);
  if (other != study) {
    throw UsageError(folder.string() + ": holds the result of " +
                     (other.empty() ? "something else" : "study " + other) +
                     " (name another folder with --out, or overwrite it with --force)");
  }
}

void write_output(const fs::path& folder, const StudyRun& run, const Request& request,
                  double seconds) {
  for (const ScenarioRun& scenario : run.scenarios) {
    const fs::path own = folder / scenario.inputs.scenario.name();
    make_folder(own);
    write_step_trace(own / "trace.rtrace", scenario.inputs, scenario.step);
    if (scenario.ranks) {
      write_rank_trace(own / "ranks.rtrace", scenario.inputs, scenario.step, *scenario.ranks);
    }
  }
  write_whole(folder / "result.json", to_json(run.result) + "\n");
  nlohmann::ordered_json manifest;
  manifest["study"] = run.result.study();
  manifest["file"] = fs::absolute(request.study).lexically_normal().string();
  manifest["settings"] = request.settings;
  manifest["version"] = RETICLE_VERSION;
  manifest["model_version"] = run.result.model_version();
  manifest["seed"] = run.result.seed();
  manifest["finished"] = utc_now();
  manifest["host"] = host_name();
  manifest["seconds"] = seconds;
  write_whole(folder / "manifest.json", manifest.dump(2) + "\n");
}

Request read_request(const fs::path& folder) {
  const fs::path file = folder / "manifest.json";
  std::ifstream in(file);
  if (!in) {
    throw UsageError(folder.string() + ": no run in here (manifest.json is missing)");
  }
  const nlohmann::json json = nlohmann::json::parse(in, nullptr, false);
  if (!json.is_object() || !json.contains("file") || !json.contains("settings")) {
    throw InputError(file.string() +
                     ": does not say what was run (run the study again, or name the study itself)");
  }
  return {json.at("file").get<std::string>(), json.at("settings").get<std::vector<std::string>>()};
}

}  // namespace reticle::study
