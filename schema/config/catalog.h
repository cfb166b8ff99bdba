#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schema/chip.pb.h"
#include "schema/claim.pb.h"
#include "schema/config/tree.h"
#include "schema/errors.h"
#include "schema/process.pb.h"
#include "schema/scenario.pb.h"
#include "schema/site.pb.h"
#include "schema/software.pb.h"
#include "schema/supply.pb.h"
#include "schema/system.pb.h"

namespace reticle::config {

// Where a number of a message comes from; kept beside the message, never in it.
struct Origin {
  std::string grade;   // A, A-, B, B-, C, C-, or user
  std::string source;  // what the file says
  Location at;
  std::optional<double> low;  // range of an uncertain number, in the stored unit
  std::optional<double> high;
  double value = 0;  // the number itself, in the stored unit
  std::string unit;  // the stored unit; "" for a plain number

  // How it is drawn: "" triangular(low, value, high); "pert" the same with less weight on the ends;
  // "uniform" low to high; "lognormal" with median `value` and 95th percentile `high`; "discrete"
  // one of `outcomes` with `weights`.
  std::string distribution;
  std::vector<double> outcomes;
  std::vector<double> weights;
};

// From the field's path ("hbm.data_rate", "scenarios.one.ranks") to where it comes from. Holds
// every number of the message that was written down; defaults have no entry.
using Provenance = std::map<std::string, Origin>;

template <class Message>
struct Loaded {
  Message message;
  Provenance provenance;
};

// One --set PATH=VALUE.
struct Setting {
  std::string path;
  std::string value;
};

// "PATH=VALUE" as typed after --set. UsageError if it is not that.
Setting parse_setting(const std::string& text);

// The configs a run can name: files ROOT/KIND/NAME.yaml (chips, systems, processes, sites,
// software, models, studies, supply, claims), with `base:` resolved, the study's own sections laid
// over them, and --set on top. A kind is written as the folder ("chips") or in the singular
// ("chip"). Errors: UsageError for a name with no file (listing the names there are, with the
// nearest first); ConfigError for everything wrong inside a file or a --set.
class Catalog {
 public:
  explicit Catalog(std::filesystem::path root, std::vector<Setting> settings = {});
  ~Catalog();

  // Reads a study: its sections chips:, systems:, models:, processes:, software: become overrides
  // of what this catalog returns afterwards. `path` is a file.
  Loaded<Study> open_study(const std::filesystem::path& path);

  // For commands that work on one chip or system: makes bare `chip.` / `system.` / `software.`
  // paths of --set mean that name.
  void set_subject(const std::string& kind, const std::string& name);

  Loaded<Chip> chip(const std::string& name) const;
  Loaded<System> system(const std::string& name) const;
  Loaded<Software> software(const std::string& name) const;
  Loaded<Process> process(const std::string& name) const;
  Loaded<Site> site(const std::string& name) const;
  Loaded<Supply> supply(const std::string& name) const;
  Loaded<Claim> claim(const std::string& name) const;

  // The tree of a model's config.json, with the study's section models.NAME and --set models.NAME.
  // laid over it (their keys must be keys of the file). `name` as for model_file; a section with
  // `base:` makes a model of its own.
  Node model(const std::string& name) const;

  // Names of the configs of a kind ("chips", ...), sorted; those a study adds included.
  std::vector<std::string> names(const std::string& kind) const;

  // The file of a Hugging Face config.json: configs/models/NAME.json, or NAME itself if it is a
  // path of an existing file (contains '/' or ends in .json).
  std::filesystem::path model_file(const std::string& name) const;

  // Refuses a --set whose path belongs to a config that was never read, naming the choices.
  void require_all_settings_used() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace reticle::config
