#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>

#include "models/economics/uncertainty.h"
#include "schema/config/catalog.h"
#include "study/cost/cost_inputs.h"
#include "study/supply/supply_inputs.h"

namespace reticle::study {

// One input of a claim: how to read it, and where it comes from.
struct ClaimTerm {
  std::string name;
  std::function<double()> value;
  std::string unit;
  std::string grade;  // of a cost or a supply scenario: the worst of its numbers
  std::string source;
  std::string path;  // in UncertainInputs; "" if it is not one number
  const SupplyInputs* supply = nullptr;
  std::string year;
  bool all_limits = false;  // `packages`, not what one limit alone would allow
};

// Reads what a claim's inputs name. Configs are loaded once each and stay where they are.
class ClaimInputs {
 public:
  explicit ClaimInputs(config::Catalog& catalog) : catalog_(catalog) {}

  // ConfigError at the input: neither value nor path, a path to nothing.
  ClaimTerm term(config::Loaded<Claim>& claim, ClaimInput& input);

  // The numbers behind all terms so far that may vary.
  void add_to(economics::UncertainInputs& uncertain, config::Loaded<Claim>& claim);

 private:
  struct Config {
    std::string prefix;  // "chips.ascend-910c."
    google::protobuf::Message* message;
    const config::Provenance* provenance;
    std::vector<std::string> sections;  // the numbers that are read
  };

  ClaimTerm config_term(const std::string& path, const Location& at);
  struct Built {
    CostSubject subject;
    economics::DiePlan plan;
  };

  ClaimTerm cost_term(const std::string& path, const Location& at);
  ClaimTerm supply_term(const std::string& path, const Location& at);
  Config& config_of(const std::string& kind, const std::string& name);

  config::Catalog& catalog_;
  std::deque<config::Loaded<Chip>> chips_;
  std::deque<config::Loaded<System>> systems_;
  std::deque<config::Loaded<Process>> processes_;
  std::deque<config::Loaded<Site>> sites_;
  std::map<std::string, Config> configs_;          // by prefix
  std::map<std::string, SupplyInputs> scenarios_;  // by name
  std::map<std::string, Built> built_;             // by chip or system
};

}  // namespace reticle::study
