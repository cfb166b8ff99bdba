#include "study/claims/claim_study.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "models/economics/sensitivity.h"
#include "schema/errors.h"

namespace reticle::study {

namespace {

constexpr double kSupported = 0.8;
constexpr double kContradicted = 0.2;
constexpr uint64_t kSobolPoints = 2048;

std::string verdict(double probability) {
  return probability > kSupported      ? "supported"
         : probability < kContradicted ? "contradicted"
                                       : "unclear";
}

void add_named(google::protobuf::RepeatedPtrField<NamedValue>& list, const std::string& name,
               double value) {
  NamedValue& named = *list.Add();
  named.set_name(name);
  named.set_value(value);
}

// Which limit holds a scenario's year back, as shares of the draws, where a claim is about all
// limits.
class BindingCount {
 public:
  explicit BindingCount(const std::vector<ClaimTerm>& terms) {
    for (const ClaimTerm& term : terms) {
      if (term.supply != nullptr && term.all_limits) {
        scenario_ = term.supply;
        year_ = term.year;
      }
    }
  }

  void draw() {
    if (scenario_ == nullptr) {
      return;
    }
    const auto& config = scenario_->supply.message.years();
    const std::vector<YearOutcome> years = supply_years(*scenario_);
    for (std::size_t i = 0; i < years.size(); ++i) {
      if (config.Get(static_cast<int>(i)).name() == year_) {
        ++counts_[economics::name_of(years[i].supply.binding)];
      }
    }
  }

  void write(double draws, ClaimReport& report) const {
    for (const auto& [name, count] : counts_) {
      add_named(*report.mutable_binding_share(), name, count / draws);
      if (report.binding().empty() || count > counts_.at(report.binding())) {
        report.set_binding(name);
      }
    }
  }

 private:
  const SupplyInputs* scenario_ = nullptr;
  std::string year_;
  std::map<std::string, double> counts_;
};

// Every number a verdict rests on, by grade: a scenario counts with all of its own.
std::map<std::string, double> grades(const std::vector<ClaimTerm>& terms) {
  std::map<std::string, double> counts;
  const SupplyInputs* counted = nullptr;
  for (const ClaimTerm& term : terms) {
    if (term.supply == nullptr) {
      ++counts[term.grade];
    } else if (term.supply != counted) {
      for (const auto& [path, origin] : term.supply->supply.provenance) {
        ++counts[origin.grade];
      }
      counted = term.supply;
    }
  }
  return counts;
}

}  // namespace

ClaimStudy::ClaimStudy(config::Catalog& catalog, const std::string& name) : inputs_(catalog) {
  catalog.set_subject("claims", name);
  claim_ = catalog.claim(name);
  const Location at{"claim " + name, 0, 0};
  if (!claim_.message.has_at_least() && !claim_.message.has_at_most()) {
    throw ConfigError(at, "a claim needs at_least or at_most");
  }
  for (ClaimInput& input : *claim_.message.mutable_inputs()) {
    terms_.push_back(inputs_.term(claim_, input));
  }
  for (const auto* names : {&claim_.message.numerator(), &claim_.message.denominator()}) {
    for (const std::string& one : *names) {
      const bool known = std::any_of(terms_.begin(), terms_.end(),
                                     [&](const ClaimTerm& term) { return term.name == one; });
      if (!known) {
        throw ConfigError(at, "`" + one + "` is not one of its inputs");
      }
    }
  }
}

int ClaimStudy::exponent(const std::string& name) const {
  const auto& above = claim_.message.numerator();
  const auto& below = claim_.message.denominator();
  return static_cast<int>(std::count(above.begin(), above.end(), name) -
                          std::count(below.begin(), below.end(), name));
}

double ClaimStudy::ratio() const {
  double ratio = 1;
  for (const ClaimTerm& term : terms_) {
    const int power = exponent(term.name);
    if (power != 0) {
      ratio *= std::pow(term.value(), power);
    }
  }
  return ratio;
}

bool ClaimStudy::holds(double ratio) const {
  return (!claim_.message.has_at_least() || ratio >= claim_.message.at_least()) &&
         (!claim_.message.has_at_most() || ratio <= claim_.message.at_most());
}

double ClaimStudy::nearest_bound(double ratio) const {
  const Claim& claim = claim_.message;
  if (!claim.has_at_least()) {
    return claim.at_most();
  }
  const bool low = !claim.has_at_most() || std::abs(std::log(ratio / claim.at_least())) <
                                               std::abs(std::log(ratio / claim.at_most()));
  return low ? claim.at_least() : claim.at_most();
}

void ClaimStudy::add_terms(const std::vector<std::vector<double>>& drawn,
                           ClaimReport& report) const {
  const double ratio_now = ratio();
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const ClaimTerm& term = terms_[i];
    ClaimInputReport& input = *report.add_inputs();
    input.set_name(term.name);
    input.set_value(term.value());
    input.set_unit(term.unit);
    input.set_grade(term.grade);
    input.set_source(term.source);
    *input.mutable_drawn() = economics::quantiles(drawn[i]);
    const int power = exponent(term.name);
    if (power != 0 && std::isfinite(ratio_now) && ratio_now > 0) {
      input.set_flips_at(term.value() *
                         std::pow(nearest_bound(ratio_now) / ratio_now, 1.0 / power));
    }
  }
}

// Without a supply scenario, what binds is the input that decides most of the spread.
void ClaimStudy::add_binding(const economics::UncertainInputs& uncertain, uint64_t seed,
                             ClaimReport& report) const {
  const auto indices = economics::sobol_indices(uncertain.paths().size(), kSobolPoints, seed,
                                                [&](const std::vector<double>& point) {
                                                  uncertain.set(point);
                                                  return ratio();
                                                });
  uncertain.set_modes();
  double most = 0;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    for (std::size_t t = 0; t < terms_.size(); ++t) {
      if (terms_[t].path == uncertain.paths()[i]) {
        report.mutable_inputs(static_cast<int>(t))->set_first_order(indices[i].first);
      }
    }
    if (report.binding_share_size() == 0 && indices[i].first > most) {
      most = indices[i].first;
      report.set_binding(uncertain.paths()[i]);
    }
  }
}

ClaimReport ClaimStudy::report(uint64_t seed, uint32_t draws) {
  ClaimReport report;
  const Claim& claim = claim_.message;
  report.set_claim(claim.name());
  report.set_statement(claim.statement());
  report.set_scope(claim.scope());
  report.set_seed(seed);
  report.set_draws(draws == 0 ? claim.uncertainty().draws() : draws);
  if (claim.has_at_least()) {
    report.set_at_least(claim.at_least());
  }
  if (claim.has_at_most()) {
    report.set_at_most(claim.at_most());
  }
  economics::UncertainInputs uncertain(seed);
  inputs_.add_to(uncertain, claim_);
  std::vector<double> ratios;
  std::vector<std::vector<double>> drawn(terms_.size());
  BindingCount binding(terms_);
  double held = 0;
  uncertain.sample(report.draws(), [&] {
    ratios.push_back(ratio());
    held += holds(ratios.back()) ? 1 : 0;
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      drawn[i].push_back(terms_[i].value());
    }
    binding.draw();
  });
  report.set_probability(held / report.draws());
  report.set_verdict(verdict(report.probability()));
  *report.mutable_ratio() = economics::quantiles(ratios);
  add_terms(drawn, report);
  binding.write(report.draws(), report);
  add_binding(uncertain, seed, report);
  for (const auto& [grade, count] : grades(terms_)) {
    add_named(*report.mutable_inputs_by_grade(), grade, count);
  }
  return report;
}

}  // namespace reticle::study
