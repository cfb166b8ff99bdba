#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "schema/config/fields.h"
#include "schema/config/provenance.h"
#include "schema/config/settings.h"
#include "schema/config/tree.h"

namespace reticle::config {

// A folder of the catalog.
struct Kind {
  std::string folder;    // "chips", also the section of a study
  std::string singular;  // "chip", for bare --set paths and messages
  std::string suffix;    // of its files
  const Type* type;      // nullptr: somebody else's format (models)
};

const std::vector<Kind>& kinds();

// By folder or singular; std::logic_error for another word.
const Kind& kind_named(const std::string& word);

// What lies on top of each other: a config's base, its file, the study's section, --set.
class Layers {
 public:
  Layers(std::filesystem::path root, std::vector<Setting> settings);

  // The tree of a config with everything laid on it. UsageError for an unknown name.
  Node resolve(const Kind& kind, const std::string& name);

  // The tree of a study; its sections are kept for resolve(), in place of an earlier study's.
  Node open_study(const std::filesystem::path& file);

  void set_subject(const Kind& kind, const std::string& name) { subjects_[kind.folder] = name; }
  std::vector<std::string> names(const Kind& kind) const;
  std::filesystem::path file_of(const Kind& kind, const std::string& name) const;
  void require_all_settings_used() const;

  [[noreturn]] void refuse_name(const Kind& kind, const std::string& name) const;

 private:
  using Chain = std::vector<std::string>;  // names whose bases are being resolved

  // What a --set is about. An empty kind: nothing that exists.
  struct Target {
    std::string kind;  // folder, or "study"
    std::string name;
    std::string rest;
  };

  void check_head(const Setting& setting) const;
  Target target_of(const Setting& setting) const;
  [[noreturn]] void refuse_unused(const Setting& setting) const;
  void apply_settings(Node& tree, const std::string& kind, const std::string& name,
                      const Type* type);

  Node resolve(const Kind& kind, const std::string& name, Chain chain);
  Node load(const Kind& kind, const std::string& name, const Chain& chain);
  Node resolve_base(const Kind& kind, const Entry& base, const Chain& chain);
  Node with_section(const Kind& kind, const std::string& name, Node tree, const Chain& chain);
  Node load_study(const std::filesystem::path& file, Chain chain);
  void keep_sections(Node& study, const Context& context);
  void check_sections() const;

  Context context_of(const std::filesystem::path& file) const;
  bool has_file(const Kind& kind, const std::string& name) const;

  std::filesystem::path root_;
  std::vector<Setting> settings_;
  std::vector<bool> used_;
  std::map<std::string, std::string> subjects_;         // folder -> name
  std::map<std::string, Node> sections_;                // folder -> map of names
  std::set<std::pair<std::string, std::string>> read_;  // folder, name
};

}  // namespace reticle::config
