// Which config a --set is about, and which names there are.
#include <algorithm>
#include <stdexcept>
#include <system_error>

#include "schema/config/layers.h"
#include "schema/config/suggest.h"

namespace reticle::config {
namespace {

namespace fs = std::filesystem;

std::string head_of(const Setting& setting) {
  return setting.path.substr(0, setting.path.find('.'));
}

const Kind* kind_or_null(const std::string& word) {
  for (const Kind& kind : kinds()) {
    if (kind.folder != "studies" && (word == kind.folder || word == kind.singular)) {
      return &kind;
    }
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> Layers::names(const Kind& kind) const {
  std::set<std::string> found;
  std::error_code status;
  for (fs::directory_iterator it(root_ / kind.folder, status), end; !status && it != end;
       it.increment(status)) {
    std::error_code ignored;
    if (it->path().extension() == kind.suffix && it->is_regular_file(ignored)) {
      found.insert(it->path().stem().string());
    }
  }
  const auto section = sections_.find(kind.folder);
  if (section != sections_.end()) {
    for (const Entry& entry : section->second.entries) {
      if (entry.value.find("base") != nullptr) {
        found.insert(entry.key);
      }
    }
  }
  return {found.begin(), found.end()};
}

fs::path Layers::file_of(const Kind& kind, const std::string& name) const {
  return root_ / kind.folder / (name + kind.suffix);
}

bool Layers::has_file(const Kind& kind, const std::string& name) const {
  std::error_code ignored;
  return name.find('/') == std::string::npos && fs::is_regular_file(file_of(kind, name), ignored);
}

Context Layers::context_of(const fs::path& file) const {
  std::error_code ignored;
  const fs::path inside =
      fs::weakly_canonical(file, ignored).lexically_relative(fs::weakly_canonical(root_, ignored));
  Context context;
  context.users_file = inside.empty() || *inside.begin() == "..";
  return context;
}

void Layers::refuse_name(const Kind& kind, const std::string& name) const {
  const std::vector<std::string> known = names(kind);
  const std::string hint = known.empty() ? "none in " + (root_ / kind.folder).string()
                                         : suggestion(name, known, "there are");
  throw UsageError("no " + kind.singular + " `" + name + "` (" + hint + ")");
}

void Layers::check_head(const Setting& setting) const {
  const std::string head = head_of(setting);
  std::vector<std::string> heads = {"question", "scenarios", "uncertainty"};
  for (const Kind& kind : kinds()) {
    if (kind.folder != "studies") {
      heads.push_back(kind.folder);
    }
  }
  if (std::find(heads.begin(), heads.end(), head) == heads.end() && kind_or_null(head) == nullptr) {
    throw ConfigError(place_of(setting), "a path does not begin with `" + head + "`",
                      suggestion(head, heads, "it begins with"));
  }
}

Layers::Target Layers::target_of(const Setting& setting) const {
  const std::string head = head_of(setting);
  const Kind* kind = kind_or_null(head);
  if (kind == nullptr) {
    return {"study", "", setting.path};
  }
  const std::string rest = rest_after(setting.path, head);
  const std::string name = head == kind->folder ? leading_name(rest, names(*kind)) : "";
  if (!name.empty()) {
    return {kind->folder, name, rest_after(rest, name)};
  }
  const auto subject = subjects_.find(kind->folder);
  if (head == kind->singular && subject != subjects_.end()) {
    return {kind->folder, subject->second, rest};
  }
  return {};
}

void Layers::apply_settings(Node& tree, const std::string& kind, const std::string& name,
                            const Type* type) {
  for (std::size_t i = 0; i < settings_.size(); ++i) {
    const Target target = target_of(settings_[i]);
    if (target.kind != kind || target.name != name) {
      continue;
    }
    if (type != nullptr) {
      apply_setting(tree, *type, target.rest, settings_[i]);
    } else {
      apply_setting(tree, target.rest, settings_[i]);
    }
    used_[i] = true;
  }
}

void Layers::require_all_settings_used() const {
  for (std::size_t i = 0; i < settings_.size(); ++i) {
    if (!used_[i]) {
      refuse_unused(settings_[i]);
    }
  }
}

void Layers::refuse_unused(const Setting& setting) const {
  const Location at = place_of(setting);
  const std::string head = head_of(setting);
  const Kind* kind = kind_or_null(head);
  if (kind == nullptr) {
    throw ConfigError(at, "no study is run here", "`" + head + "` is a key of a study");
  }
  std::vector<std::string> choices;
  for (const auto& [folder, name] : read_) {
    if (folder == kind->folder) {
      choices.push_back(join({folder, name}, "."));
    }
  }
  const std::string label = "in use: " + (choices.empty() ? "none" : join(choices));
  const std::string name = target_of(setting).name;
  if (!name.empty()) {
    throw ConfigError(at, "nothing here uses " + kind->singular + " `" + name + "`", label);
  }
  const std::string rest = rest_after(setting.path, head);
  if (head == kind->singular && head != kind->folder) {
    throw ConfigError(at, "which " + kind->singular + " is meant?", label);
  }
  const std::string asked = rest.substr(0, rest.find('.'));
  throw ConfigError(at, "no " + kind->singular + " `" + asked + "`",
                    suggestion(asked, names(*kind), "there are"));
}

}  // namespace reticle::config
