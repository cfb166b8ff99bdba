#include "study/validate/set.h"

#include <algorithm>

#include "schema/config/mapping.h"
#include "schema/config/provenance.h"
#include "schema/config/suggest.h"
#include "schema/errors.h"

namespace reticle::study {

namespace {

namespace fs = std::filesystem;

fs::path file_of(const fs::path& validation, const std::string& name) {
  return validation / "sets" / (name + ".yaml");
}

std::string source_of(const config::Provenance& provenance) {
  const auto limit = provenance.find("sample");
  const auto any = limit != provenance.end() ? limit : provenance.begin();
  return any == provenance.end() ? "" : any->second.source;
}

}  // namespace

std::vector<std::string> set_names(const fs::path& validation) {
  std::vector<std::string> names;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(validation / "sets", missing)) {
    if (entry.path().extension() == ".yaml") {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

LoadedSet load_set(const fs::path& validation, const std::string& name) {
  const std::vector<std::string> known = set_names(validation);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    throw UsageError("no validation set `" + name + "` (" +
                     config::suggestion(name, known, "sets") + ")");
  }
  config::Node tree = config::read_tree(file_of(validation, name));
  config::annotate(tree, *ValidationSet::descriptor(), {});
  LoadedSet loaded;
  const config::Provenance provenance = config::map_message(tree, loaded.set);
  loaded.set.set_name(name);
  loaded.source = source_of(provenance);
  loaded.table = validation / loaded.set.table();
  if (loaded.set.chip().empty() == loaded.set.system().empty()) {
    throw ConfigError(tree.at, "a set measures either a chip or a system",
                      "give one of `chip` and `system`");
  }
  return loaded;
}

}  // namespace reticle::study
