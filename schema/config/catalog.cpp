#include "schema/config/catalog.h"

#include <utility>

#include "schema/config/layers.h"
#include "schema/config/mapping.h"
#include "schema/config/system_check.h"

namespace reticle::config {
namespace {

namespace fs = std::filesystem;

template <class Message>
Loaded<Message> map_named(const Node& tree, const std::string& name) {
  Loaded<Message> loaded;
  loaded.provenance = map_message(tree, loaded.message);
  loaded.message.set_name(name);
  return loaded;
}

template <class Message>
Loaded<Message> load(Layers& layers, const char* kind, const std::string& name) {
  return map_named<Message>(layers.resolve(kind_named(kind), name), name);
}

bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos || fs::path(name).extension() == ".json";
}

}  // namespace

struct Catalog::State {
  Layers layers;
};

Catalog::Catalog(fs::path root, std::vector<Setting> settings)
    : state_(new State{Layers(std::move(root), std::move(settings))}) {}

Catalog::~Catalog() = default;

Loaded<Study> Catalog::open_study(const fs::path& path) {
  return map_named<Study>(state_->layers.open_study(path), path.stem().string());
}

void Catalog::set_subject(const std::string& kind, const std::string& name) {
  state_->layers.set_subject(kind_named(kind), name);
}

Loaded<Chip> Catalog::chip(const std::string& name) const {
  return load<Chip>(state_->layers, "chips", name);
}

Loaded<System> Catalog::system(const std::string& name) const {
  Loaded<System> loaded = load<System>(state_->layers, "systems", name);
  check_system(loaded);
  return loaded;
}

Loaded<Software> Catalog::software(const std::string& name) const {
  return load<Software>(state_->layers, "software", name);
}

Loaded<Process> Catalog::process(const std::string& name) const {
  return load<Process>(state_->layers, "processes", name);
}

Loaded<Site> Catalog::site(const std::string& name) const {
  return load<Site>(state_->layers, "sites", name);
}

Loaded<Supply> Catalog::supply(const std::string& name) const {
  return load<Supply>(state_->layers, "supply", name);
}

Loaded<Claim> Catalog::claim(const std::string& name) const {
  return load<Claim>(state_->layers, "claims", name);
}

Node Catalog::model(const std::string& name) const {
  return is_path(name) ? read_tree(model_file(name))
                       : state_->layers.resolve(kind_named("models"), name);
}

std::vector<std::string> Catalog::names(const std::string& kind) const {
  return state_->layers.names(kind_named(kind));
}

fs::path Catalog::model_file(const std::string& name) const {
  fs::path file =
      is_path(name) ? fs::path(name) : state_->layers.file_of(kind_named("models"), name);
  std::error_code ignored;
  if (fs::is_regular_file(file, ignored)) {
    return file;
  }
  if (is_path(name)) {
    throw UsageError("no such file: " + name);
  }
  state_->layers.refuse_name(kind_named("models"), name);
}

void Catalog::require_all_settings_used() const { state_->layers.require_all_settings_used(); }

}  // namespace reticle::config
