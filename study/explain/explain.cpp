#include "study/explain/explain.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>

#include "schema/errors.h"
#include "study/explain/inputs.h"
#include "study/run/bottlenecks.h"
#include "study/run/throughput.h"

namespace reticle::study {

namespace {

// One scenario with one input changed; or with none.
struct Variant {
  std::size_t scenario = 0;
  std::size_t input = 0;
  bool up = false;
  double value = 0;
  std::optional<ScenarioInputs> inputs;  // none: the config refused
  Simulator* simulator = nullptr;
};

class Explanation {
 public:
  Explanation(const OpenCatalog& open, const std::filesystem::path& file,
              const ExplainOptions& options, kernels::Store& store,
              const std::function<void(const std::string&)>& progress)
      : open_(open), file_(file), options_(options), store_(store), progress_(progress) {}

  ExplainResult run() {
    read();
    elaborate();
    for (std::size_t i = 0; i < base_.size(); ++i) {
      explain(i);
    }
    return std::move(result_);
  }

 private:
  // Everything is read and elaborated before the first simulation (SystemC).
  void read() {
    config::Catalog catalog = open_({});
    const config::Loaded<Study> study = catalog.open_study(file_);
    result_.set_study(study.message.name());
    for (const Scenario& scenario : study.message.scenarios()) {
      Variant one;
      one.scenario = base_.size();
      one.inputs = load_scenario(catalog, study, scenario);
      candidates_.push_back(options_.inputs > 0 ? candidate_inputs(*one.inputs, study)
                                                : std::vector<Input>{});
      base_.push_back(std::move(one));
    }
    catalog.require_all_settings_used();
    for (std::size_t s = 0; s < base_.size(); ++s) {
      for (std::size_t i = 0; i < candidates_[s].size(); ++i) {
        read_variant(s, i, true);
        read_variant(s, i, false);
      }
    }
  }

  void read_variant(std::size_t scenario, std::size_t input, bool up) {
    const double factor = up ? 1 + options_.step : 1 / (1 + options_.step);
    const Changed change = changed(candidates_[scenario][input], factor);
    Variant one{scenario, input, up, change.value, std::nullopt, nullptr};
    try {
      config::Catalog catalog = open_({change.setting});
      const config::Loaded<Study> study = catalog.open_study(file_);
      one.inputs =
          load_scenario(catalog, study, study.message.scenarios(static_cast<int>(scenario)));
    } catch (const ConfigError&) {
      one.inputs.reset();
    }
    variants_.push_back(std::move(one));
  }

  void elaborate() {
    for (Variant& one : base_) {
      give_simulator(one);
    }
    for (Variant& one : variants_) {
      if (one.inputs) {
        give_simulator(one);
      }
    }
  }

  // Variants of the system or the batch run on the same chip.
  void give_simulator(Variant& one) {
    const std::string key = one.inputs->rank_chip.message.SerializeAsString() +
                            one.inputs->software.message.SerializeAsString();
    const auto found = std::find(keys_.begin(), keys_.end(), key);
    if (found != keys_.end()) {
      one.simulator = &simulators_[static_cast<std::size_t>(found - keys_.begin())];
      return;
    }
    keys_.push_back(key);
    simulators_.emplace_back("variant" + std::to_string(simulators_.size()),
                             one.inputs->rank_chip.message, one.inputs->software.message,
                             options_.fidelity, store_, [this] { progress_(doing_); });
    one.simulator = &simulators_.back();
  }

  double tokens_per_s(const Variant& one) const {
    return throughput(*one.inputs, simulate_step(*one.inputs, *one.simulator))
        .tokens_per_s_per_chip();
  }

  void explain(std::size_t scenario) {
    Variant& base = base_[scenario];
    ScenarioExplanation& out = *result_.add_scenarios();
    out.set_name(base.inputs->scenario.name());
    doing_ = "simulating " + out.name();
    const Step step = simulate_step(*base.inputs, *base.simulator);
    out.set_tokens_per_s_per_chip(throughput(*base.inputs, step).tokens_per_s_per_chip());
    *out.mutable_bottlenecks() = bottlenecks(step);
    *out.mutable_critical_path() = critical_operators(step);
    std::vector<Elasticity> all = elasticities(scenario, out.tokens_per_s_per_chip());
    const auto size = [](const Elasticity& one) {
      return std::max(std::abs(one.up()), std::abs(one.down()));
    };
    std::stable_sort(all.begin(), all.end(),
                     [&](const auto& a, const auto& b) { return size(a) > size(b); });
    for (std::size_t i = 0; i < std::min(options_.inputs, all.size()); ++i) {
      *out.add_elasticities() = all[i];
    }
  }

  std::vector<Elasticity> elasticities(std::size_t scenario, double base) {
    std::vector<Elasticity> all;
    for (const Input& input : candidates_[scenario]) {
      Elasticity one;
      one.set_path(input.path);
      one.set_value(input.value);
      one.set_unit(input.unit);
      one.set_grade(input.grade);
      all.push_back(one);
    }
    for (const Variant& variant : variants_) {
      if (variant.scenario != scenario || !variant.inputs) {
        continue;
      }
      Elasticity& one = all[variant.input];
      doing_ = base_[scenario].inputs->scenario.name() + ": " + one.path();
      const double slope =
          std::log(tokens_per_s(variant) / base) / std::log(variant.value / one.value());
      variant.up ? one.set_up(slope) : one.set_down(slope);
    }
    return all;
  }

  const OpenCatalog& open_;
  const std::filesystem::path& file_;
  const ExplainOptions& options_;
  kernels::Store& store_;
  const std::function<void(const std::string&)>& progress_;
  std::vector<Variant> base_;
  std::vector<std::vector<Input>> candidates_;
  std::vector<Variant> variants_;
  std::vector<std::string> keys_;
  std::deque<Simulator> simulators_;
  std::string doing_;
  ExplainResult result_;
};

}  // namespace

ExplainResult explain_study(const OpenCatalog& open, const std::filesystem::path& study,
                            const ExplainOptions& options, kernels::Store& store,
                            const std::function<void(const std::string&)>& progress) {
  return Explanation(open, study, options, store, progress).run();
}

}  // namespace reticle::study
