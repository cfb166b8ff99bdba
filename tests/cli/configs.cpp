#include "tests/cli/configs.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>

namespace reticle::test {

namespace fs = std::filesystem;

Configs::Configs() {
  fs::copy(source("configs"), workspace_ / "configs", fs::copy_options::recursive);
  setenv("RETICLE_CONFIGS", (workspace_ / "configs").c_str(), 1);
}

Configs::~Configs() { unsetenv("RETICLE_CONFIGS"); }

std::string Configs::path(const std::string& name) const {
  return (workspace_ / "configs" / name).string();
}

std::string Configs::replace(const std::string& name, const std::string& what,
                             const std::string& by, const std::string& at) const {
  std::string text = read_file(path(name));
  const std::size_t found = text.find(what);
  REQUIRE(found != std::string::npos);
  text.replace(found, what.size(), by);
  workspace_.file("configs/" + name, text);
  const std::size_t place = at.empty() ? found : text.find(at, found);
  REQUIRE(place != std::string::npos);
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(place), '\n');
  const std::size_t column = place - (text.rfind('\n', place) + 1) + 1;
  return path(name) + ":" + std::to_string(line) + ":" + std::to_string(column);
}

void Configs::require_refused(const std::string& message,
                              const std::vector<std::string>& settings) {
  std::vector<std::string> typed = {"run", path("studies/910c-vs-h800-decode.yaml"), "--out",
                                    (workspace_ / "out").string()};
  for (const std::string& setting : settings) {
    typed.insert(typed.end(), {"--set", setting});
  }
  require_refused_by(typed, message);
  CHECK_FALSE(fs::exists(workspace_ / "out/result.json"));
  CHECK_FALSE(fs::exists(workspace_.store()));  // nothing was simulated
}

void Configs::require_refused_by(const std::vector<std::string>& typed,
                                 const std::string& message) const {
  const Outcome outcome = run(workspace_, typed);
  CHECK(outcome.err == "reticle: " + message + "\n");
  CHECK(outcome.status == 3);
  CHECK(outcome.out.empty());
}

}  // namespace reticle::test
