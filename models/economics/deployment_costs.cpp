#include "models/economics/deployment_costs.h"

#include <functional>
#include <stdexcept>

#include "models/economics/build.h"
#include "models/economics/sensitivity.h"

namespace reticle::economics {
namespace {

constexpr double kHoursPerYear = 8760;

double per_million_tokens(const Deployment& d, double an_hour) {
  return usd_per_million_tokens(an_hour, d.tokens_per_s, d.site.message.utilisation());
}

// One deployment on one basis, and what the draws give for it.
struct BasisColumn {
  const Deployment* deployment;
  Basis basis;
  DiePlan plan;
  CostBasis* result;
  std::vector<double> per_chip_hour;
  std::vector<double> per_mtok;

  double an_hour() const { return usd_per_hour(*deployment, basis, plan); }
};

struct CarbonColumn {
  std::function<double()> figure;  // kg per million tokens
  Quantiles* result;
  std::vector<double> samples;
};

// The figures of all deployments, which the draws are written into.
class Columns {
 public:
  Columns(const std::vector<Deployment>& deployments, DeploymentCosts& out) : out_(out) {
    out_.costs.resize(deployments.size());
    out_.carbon.resize(deployments.size());
    for (std::size_t i = 0; i < deployments.size(); ++i) {
      add(deployments[i], out_.costs[i], out_.carbon[i]);
    }
  }

  void draw() {
    for (BasisColumn& column : costs_) {
      const double usd = column.an_hour();
      column.per_mtok.push_back(per_million_tokens(*column.deployment, usd));
      column.per_chip_hour.push_back(usd / static_cast<double>(column.deployment->packages));
    }
    for (CarbonColumn& column : carbon_) {
      column.samples.push_back(column.figure());
    }
  }

  void write(const UncertainInputs& inputs) {
    for (const BasisColumn& column : costs_) {
      write_basis(column, inputs);
    }
    for (const CarbonColumn& column : carbon_) {
      *column.result = quantiles(column.samples);
    }
    for (std::size_t i = 0; i < costs_.size(); ++i) {
      for (std::size_t j = i + 1; j < costs_.size(); ++j) {
        if (costs_[i].basis == costs_[j].basis) {
          out_.comparisons.push_back(compare(costs_[i], costs_[j]));
        }
      }
    }
  }

 private:
  void add(const Deployment& d, CostResult& cost, CarbonResult& carbon) {
    if (d.packages < 1 || !(d.tokens_per_s > 0)) {
      throw std::domain_error("deployment_costs: needs packages and tokens");
    }
    if (has_basis(d, Basis::kBuild)) {
      const DiePlan plan = checked_plan(d.chip, *d.process);
      costs_.push_back({&d, Basis::kBuild, plan, cost.mutable_build(), {}, {}});
      if (d.process->message.has_carbon()) {
        add_embodied(d, plan, carbon);
      }
    }
    if (has_basis(d, Basis::kPrice)) {
      costs_.push_back({&d, Basis::kPrice, {}, cost.mutable_price(), {}, {}});
    }
    if (has_basis(d, Basis::kRental)) {
      costs_.push_back({&d, Basis::kRental, {}, cost.mutable_rental(), {}, {}});
    }
    if (d.site.message.has_grid_carbon()) {
      add_operational(d, carbon);
    }
  }

  // The packages, spares included, over their life in service.
  void add_embodied(const Deployment& d, const DiePlan& plan, CarbonResult& carbon) {
    const auto figure = [&d, plan] {
      const BuiltPackage built = build_package(d.chip.message, d.process->message, plan);
      const double kg = package_carbon(d.chip.message, d.process->message, built) *
                        static_cast<double>(d.packages) *
                        (1 + d.system.message.cost().spare_share());
      const Site& site = d.site.message;
      return per_million_tokens(d, kg / (site.life() * kHoursPerYear * site.availability()));
    };
    carbon_.push_back({figure, carbon.mutable_embodied(), {}});
    carbon.set_hbm_included(d.chip.message.package().has_hbm_stack_carbon());
  }

  // As energy is paid for.
  void add_operational(const Deployment& d, CarbonResult& carbon) {
    const auto figure = [&d] {
      Terms terms;
      terms.electricity = d.site.message.grid_carbon();
      terms.availability = d.site.message.availability();
      return per_million_tokens(d, hourly_cost(0, deployment_power(d), terms).energy);
    };
    carbon_.push_back({figure, carbon.mutable_operational(), {}});
  }

  static void write_basis(const BasisColumn& column, const UncertainInputs& inputs) {
    const Deployment& d = *column.deployment;
    for (const Item& item : hourly_items(d, column.basis, column.plan)) {
      NamedValue& part = *column.result->add_breakdown();
      part.set_name(item.name);
      part.set_value(per_million_tokens(d, item.usd));
    }
    *column.result->mutable_usd_per_million_tokens() = quantiles(column.per_mtok);
    *column.result->mutable_usd_per_chip_hour() = quantiles(column.per_chip_hour);
    const auto result = [&] { return per_million_tokens(d, column.an_hour()); };
    for (const Swing& swing : tornado(inputs, result)) {
      if (swing.at_low != swing.at_high) {
        Sensitivity& row = *column.result->add_tornado();
        row.set_input(swing.input);
        row.set_at_low(swing.at_low);
        row.set_at_high(swing.at_high);
        row.set_swing(swing.at_high - swing.at_low);
        row.set_grade(inputs.grade(swing.input));
      }
    }
  }

  static Comparison compare(const BasisColumn& first, const BasisColumn& second) {
    Comparison out;
    out.set_first(first.deployment->name);
    out.set_second(second.deployment->name);
    out.set_basis(name_of(first.basis));
    double cheaper = 0;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < first.per_mtok.size(); ++i) {
      cheaper += first.per_mtok[i] < second.per_mtok[i] ? 1 : 0;
      ratios.push_back(first.per_mtok[i] / second.per_mtok[i]);
    }
    out.set_probability_first_cheaper(cheaper / static_cast<double>(ratios.size()));
    *out.mutable_ratio() = quantiles(ratios);
    return out;
  }

  DeploymentCosts& out_;
  std::vector<BasisColumn> costs_;
  std::vector<CarbonColumn> carbon_;
};

DiePlan plan_of(const Deployment& d, Basis basis) {
  if (!has_basis(d, basis)) {
    throw std::domain_error(d.name + " has no inputs for `" + name_of(basis) + "`");
  }
  return basis == Basis::kBuild ? checked_plan(d.chip, *d.process) : DiePlan();
}

}  // namespace

DeploymentCosts deployment_costs(std::vector<Deployment> deployments,
                                 const Uncertainty& uncertainty, uint64_t seed) {
  DeploymentCosts out;
  Columns columns(deployments, out);
  UncertainInputs inputs(seed);
  for (Deployment& d : deployments) {
    add_inputs(d, inputs);
  }
  inputs.correlate(uncertainty.correlations(), {}, "");
  inputs.sample(uncertainty.draws(), [&] { columns.draw(); });
  columns.write(inputs);
  return out;
}

CostResult deployment_cost(const Deployment& deployment, uint32_t draws, uint64_t seed) {
  Uncertainty uncertainty;
  uncertainty.set_draws(draws);
  return deployment_costs({deployment}, uncertainty, seed).costs.front();
}

Inversion equal_cost(Deployment changed, Deployment other, Basis basis, const std::string& path) {
  const DiePlan plan = plan_of(changed, basis);
  const DiePlan other_plan = plan_of(other, basis);
  const Number number = number_at(changed, path);
  std::optional<Number> shared;
  try {
    shared = number_at(other, path);
  } catch (const std::domain_error&) {  // the other has no such number: it stays
  }
  const auto cost = [&](const Deployment& d, const DiePlan& p) {
    return per_million_tokens(d, usd_per_hour(d, basis, p));
  };
  Inversion out;
  out.set_input(path);
  out.set_unit(number.unit);
  out.set_result(changed.name + " " + name_of(basis) + " over " + other.name +
                 ", USD per million tokens");
  out.set_target(1);
  out.set_now(number.now);
  out.set_low(number.low);
  out.set_high(number.high);
  const auto solution = solve(number.low, number.high, 1, [&](double value) {
    number.write(value);
    if (shared) {
      shared->write(value);
    }
    return cost(changed, plan) / cost(other, other_plan);
  });
  if (solution) {
    out.set_value(*solution);
  }
  return out;
}

}  // namespace reticle::economics
