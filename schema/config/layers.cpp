#include "schema/config/layers.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include "schema/config/merge.h"
#include "schema/config/suggest.h"

namespace reticle::config {
namespace {

namespace fs = std::filesystem;

// The name is the file's; a `name:` inside must say the same, and is not inherited.
void take_name(Node& tree, const std::string& name) {
  const auto written = take(tree, "name");
  if (written && as_text(written->value) != name) {
    throw ConfigError(written->value.at, "`name` differs from the config's own name",
                      "leave it out, or write `" + name + "`");
  }
}

void require_map(const Node& node, const std::string& what) {
  if (!node.is_map()) {
    throw ConfigError(node.at, "`" + what + "` must be a map");
  }
}

const Entry* entry_of(const Node& map, const std::string& key) {
  const auto it = std::find_if(map.entries.begin(), map.entries.end(),
                               [&](const Entry& entry) { return entry.key == key; });
  return it == map.entries.end() ? nullptr : &*it;
}

}  // namespace

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"chips", "chip", ".yaml", Chip::descriptor()},
      {"systems", "system", ".yaml", System::descriptor()},
      {"models", "model", ".json", nullptr},
      {"processes", "process", ".yaml", Process::descriptor()},
      {"software", "software", ".yaml", Software::descriptor()},
      {"sites", "site", ".yaml", Site::descriptor()},
      {"supply", "supply", ".yaml", Supply::descriptor()},
      {"claims", "claim", ".yaml", Claim::descriptor()},
      {"studies", "study", ".yaml", Study::descriptor()},
  };
  return all;
}

const Kind& kind_named(const std::string& word) {
  for (const Kind& kind : kinds()) {
    if (word == kind.folder || word == kind.singular) {
      return kind;
    }
  }
  throw std::logic_error("no such kind of config: " + word);
}

Layers::Layers(fs::path root, std::vector<Setting> settings)
    : root_(std::move(root)), settings_(std::move(settings)), used_(settings_.size(), false) {
  for (const Setting& setting : settings_) {
    check_head(setting);
  }
}

Node Layers::resolve(const Kind& kind, const std::string& name) {
  const std::vector<std::string> known = names(kind);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    refuse_name(kind, name);
  }
  return resolve(kind, name, {});
}

Node Layers::resolve(const Kind& kind, const std::string& name, Chain chain) {
  chain.push_back(name);
  read_.insert({kind.folder, name});
  Node tree;
  if (has_file(kind, name)) {
    tree = load(kind, name, chain);
  }
  tree = with_section(kind, name, std::move(tree), chain);
  if (tree.is_map()) {
    apply_settings(tree, kind.folder, name, kind.type);
  }
  return tree;
}

Node Layers::load(const Kind& kind, const std::string& name, const Chain& chain) {
  const fs::path file = file_of(kind, name);
  Node tree = read_tree(file);
  if (kind.type == nullptr) {
    return tree;
  }
  annotate(tree, *kind.type, context_of(file));
  take_name(tree, name);
  const auto base = take(tree, "base");
  return base ? merge(resolve_base(kind, *base, chain), std::move(tree)) : tree;
}

Node Layers::resolve_base(const Kind& kind, const Entry& base, const Chain& chain) {
  const std::string& name = as_text(base.value);
  if (std::find(chain.begin(), chain.end(), name) != chain.end()) {
    throw ConfigError(base.value.at, "the bases form a cycle", join(chain, " -> ") + " -> " + name);
  }
  const std::vector<std::string> known = names(kind);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    throw ConfigError(base.value.at, "no " + kind.singular + " `" + name + "`",
                      suggestion(name, known, "there are"));
  }
  return resolve(kind, name, chain);
}

Node Layers::with_section(const Kind& kind, const std::string& name, Node tree,
                          const Chain& chain) {
  const auto section = sections_.find(kind.folder);
  const Node* written = section == sections_.end() ? nullptr : section->second.find(name);
  if (written == nullptr) {
    return tree;
  }
  Node over = *written;
  take_name(over, name);
  if (const auto base = take(over, "base")) {
    tree = resolve_base(kind, *base, chain);
  }
  for (const Entry& entry : over.entries) {
    if (kind.type == nullptr && tree.find(entry.key) == nullptr) {
      const std::string near = nearest(entry.key, keys_of(tree));
      throw ConfigError(entry.at, "`" + name + "` has no key `" + entry.key + "`",
                        near.empty() ? "" : "did you mean `" + near + "`?");
    }
  }
  return merge(std::move(tree), std::move(over));
}

Node Layers::open_study(const fs::path& file) {
  sections_.clear();
  Node study = load_study(file, {});
  check_sections();
  if (study.is_map()) {
    apply_settings(study, "study", "", Study::descriptor());
  }
  return study;
}

Node Layers::load_study(const fs::path& file, Chain chain) {
  Node tree = read_tree(file);
  const std::string name = file.stem().string();
  chain.push_back(name);
  const auto base = take(tree, "base");
  Node below;
  if (base) {
    const std::string& base_name = as_text(base->value);
    if (std::find(chain.begin(), chain.end(), base_name) != chain.end()) {
      throw ConfigError(base->value.at, "the bases form a cycle",
                        join(chain, " -> ") + " -> " + base_name);
    }
    const Kind& studies = kind_named("studies");
    const std::vector<std::string> known = names(studies);
    if (std::find(known.begin(), known.end(), base_name) == known.end()) {
      throw ConfigError(base->value.at, "no study `" + base_name + "`",
                        suggestion(base_name, known, "there are"));
    }
    below = load_study(file_of(studies, base_name), chain);
  }
  const Context context = context_of(file);
  keep_sections(tree, enter(tree, context));
  annotate(tree, *Study::descriptor(), context);
  take_name(tree, name);
  return base ? merge(std::move(below), std::move(tree)) : tree;
}

void Layers::keep_sections(Node& study, const Context& context) {
  for (const Kind& kind : kinds()) {
    auto section = kind.folder == "studies" ? std::nullopt : take(study, kind.folder);
    if (!section || section->value.is_null()) {
      continue;
    }
    Node& map = section->value;
    require_map(map, kind.folder);
    const Context inner = enter(map, context);
    take(map, "grade");
    take(map, "source");
    for (Entry& entry : map.entries) {
      require_map(entry.value, kind.folder + "." + entry.key);
      if (kind.type != nullptr) {
        annotate(entry.value, *kind.type, inner);
      }
    }
    sections_[kind.folder] = merge(std::move(sections_[kind.folder]), std::move(map));
  }
}

void Layers::check_sections() const {
  for (const auto& [folder, section] : sections_) {
    const Kind& kind = kind_named(folder);
    for (const Entry& entry : section.entries) {
      const Entry* base = entry_of(entry.value, "base");
      if (base == nullptr && !has_file(kind, entry.key)) {
        throw ConfigError(entry.at, "no " + kind.singular + " `" + entry.key + "` to change",
                          suggestion(entry.key, names(kind), "there are"));
      }
      if (base != nullptr && has_file(kind, entry.key)) {
        throw ConfigError(base->at, kind.singular + " `" + entry.key + "` exists already",
                          "leave out `base`, or give the new one another name");
      }
    }
  }
}

}  // namespace reticle::config
