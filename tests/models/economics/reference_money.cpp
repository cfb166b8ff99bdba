#include <boost/math/constants/constants.hpp>
#include <cmath>

#include "models/economics/basis.h"
#include "models/economics/build.h"
#include "models/economics/operation.h"
#include "models/economics/package.h"
#include "models/economics/prior.h"
#include "models/economics/sensitivity.h"
#include "models/economics/supply.h"
#include "models/economics/textbook.h"
#include "models/economics/yield_law.h"
#include "reference_quantities.h"
#include "schema/config/mapping.h"

namespace reticle::economics::test {
namespace {

constexpr double kHoursPerYear = 8760;
constexpr double kMm2 = 1e-6;
constexpr double kPerCm2 = 1e4;

double get(const Inputs& in, const std::string& name, double otherwise) {
  return in.count(name) == 0 ? otherwise : in.at(name);
}

PackageBill bill(const Inputs& in) {
  PackageBill bill;
  bill.dies = {{int(in.at("dies")), get(in, "die_usd", 0), in.at("y_die")}};
  bill.hbm = {{int(in.at("hbm")), get(in, "hbm_usd", 0), in.at("y_hbm")}};
  bill.interposer = get(in, "interposer_usd", 0);
  bill.substrate = get(in, "substrate_usd", 0);
  bill.test = get(in, "test_usd", 0);
  bill.final_yield = in.at("y_final");
  return bill;
}

double good_die(const Inputs& in) {
  Die die;
  die.set_reported_yield(in.at("yield"));
  Process process;
  config::fill_presets(process);
  process.set_wafer_cost(in.at("wafer_usd"));
  DiePlan plan;
  plan.dies_per_wafer = in.at("dies_per_wafer");
  return die_cost(die, process, plan).usd_per_good;
}

// The rows assume that all material is committed before anything is lost.
double committed_first(const Inputs& in) {
  PackageBill package = bill(in);
  package.assembly = ASSEMBLY_COMMITTED_FIRST;
  return package_cost(package).total();
}

double staged(const Inputs& in) {
  return cost_per_good({{in.at("m1"), 0, in.at("y1")},
                        {in.at("m2"), 0, in.at("y2")},
                        {in.at("m3"), 0, in.at("y3")}});
}

// A die of the Chiplet Actuary: its own count, negative binomial.
double actuary_die(const Inputs& in) {
  Die die;
  config::fill_presets(die);
  die.set_width(std::sqrt(in.at("area_mm2") * kMm2));
  die.set_height(die.width());
  die.set_cores(1);
  die.set_cores_needed(1);
  Process process;
  config::fill_presets(process);
  process.set_wafer_diameter(in.at("wafer_mm") * 1e-3);
  process.set_edge_exclusion(in.at("edge_mm") * 1e-3);
  process.set_scribe(in.at("scribe_mm") * 1e-3);
  process.set_counting(COUNTING_CHIPLET_ACTUARY);
  process.set_yield_law(YIELD_LAW_NEGATIVE_BINOMIAL);
  process.set_clustering(in.at("alpha"));
  process.set_defect_density(in.at("d0_per_cm2") * kPerCm2);
  process.set_systematic_yield(1);
  process.set_wafer_cost(in.at("wafer_usd"));
  return die_cost(die, process, plan_dies(die, process)).usd_per_good;
}

// Chips with bumps (0.005 USD/mm2) on an organic substrate four times their area (0.005 USD/mm2 and
// layer factor), all committed before bonding.
double actuary_mcm(const Inputs& in) {
  constexpr double kBump = 0.005;
  PackageBill package;
  const double area = in.at("area_mm2");
  package.dies = {{int(in.at("chips")), actuary_die(in) + area * kBump, in.at("y_chip")}};
  package.substrate = in.at("chips") * area * 4 * kBump * in.at("substrate_layers");
  package.assembly = ASSEMBLY_COMMITTED_FIRST;
  return package_cost(package).total();
}

// An area's share of a wafer of its own kind with its bumps, and its yield.
struct Interposer {
  double usd = 0;
  double yield = 1;
};
Interposer interposer(const Inputs& in, double mm2, double usd_per_bumped_mm2) {
  const double dies = dies_chiplet_actuary(in.at("wafer_mm") * 1e-3, mm2 * kMm2,
                                           in.at("scribe_mm") * 1e-3, in.at("edge_mm") * 1e-3);
  const DefectLaw law{YIELD_LAW_NEGATIVE_BINOMIAL, in.at("interposer_alpha"), 1};
  return {in.at("interposer_wafer_usd") / dies + mm2 * usd_per_bumped_mm2,
          defect_free(law, mm2 * kMm2 * in.at("interposer_d0_per_cm2") * kPerCm2)};
}

// Chips with micro-bumps (0.01 USD/mm2) on an RDL or silicon interposer of their area and more,
// with C4 bumps (0.005) below, tested before the chips are placed; on one layer of substrate four
// times its area. The chips are listed one by one (trap 2).
double actuary_interposer(const Inputs& in) {
  constexpr double kBump = 0.005;
  PackageBill package;
  const double area = in.at("area_mm2");
  const double mm2 = in.at("interposer_area") * in.at("chips") * area;
  const Interposer below = interposer(in, mm2, kBump);
  package.interposer = below.usd;
  package.interposer_yield = below.yield;
  for (int i = 0; i < int(in.at("chips")); ++i) {
    package.dies.push_back({1, actuary_die(in) + area * 2 * kBump, in.at("y_chip")});
  }
  package.substrate = 4 * mm2 * kBump;
  package.final_yield = 0.99;  // bonding the interposer to its substrate
  return package_cost(package).total();
}

// AMD-style modules: compute dies of 67 mm2 (and a tenth for links) on 7 nm and an I/O die of 360
// (and 56) on 14 nm, in the package of the largest part, all nine places bonded; over a monolith on
// 7 nm.
double actuary_amd(const Inputs& in) {
  constexpr double kBump = 0.005;
  constexpr int kPlaces = 8;
  const auto die = [&](double mm2, double wafer_usd, double d0) {
    Inputs one = in;
    one["area_mm2"] = mm2;
    one["wafer_usd"] = wafer_usd;
    one["d0_per_cm2"] = d0;
    return actuary_die(one) + mm2 * kBump;
  };
  const int chips = int(in.at("chips"));
  PackageBill module;
  module.dies = {{chips, die(74, 9346, 0.09), 0.99},
                 {kPlaces - chips, 0, 0.99},
                 {1, die(416, 3984, 0.08), 0.99}};
  module.substrate = (kPlaces * 74 + 416) * 4 * kBump * 2;
  module.assembly = ASSEMBLY_COMMITTED_FIRST;
  PackageBill monolith;
  const double area = 67 * chips + 360;
  monolith.dies = {{1, die(area, 9346, 0.09), 0.99}};
  monolith.substrate = area * 4 * kBump;
  monolith.assembly = ASSEMBLY_COMMITTED_FIRST;
  return package_cost(module).total() / package_cost(monolith).total();
}

double energy_per_year(const Inputs& in) {
  Terms terms;
  terms.electricity = in.at("usd_per_kwh");
  const WallPower power = wall_power({in.at("it_kw") * 1000, 0, 0}, 1, in.at("pue"));
  return hourly_cost(0, power, terms).energy * kHoursPerYear;
}

double rental_usd(const Inputs& in) {
  Deployment rented;
  rented.packages = int64_t(in.at("packages"));
  rented.chip.message.mutable_package()->set_rental(in.at("usd_per_hour"));
  return usd_per_hour(rented, Basis::kRental, {}) * (in.at("gpu_hours") / in.at("packages"));
}

// Moments by the midpoint rule over the quantile function.
double triangular_moment(const Inputs& in, int power) {
  config::Origin origin;
  origin.low = in.at("low");
  origin.high = in.at("high");
  const Prior prior = prior_of(origin, in.at("mode"), "x");
  constexpr int kSteps = 100000;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double x = prior.quantile((i + 0.5) / kSteps);
    sum += (power == 1 ? x : (x - 0.3) * (x - 0.3)) / kSteps;
  }
  return power == 1 ? sum : std::sqrt(sum);
}

// Ishigami and Homma (1990): x uniform on -pi..pi.
std::function<double(const Inputs&)> ishigami(std::size_t input, double SobolIndices::*index) {
  return [=](const Inputs& in) {
    const auto f = [&](const std::vector<double>& u) {
      std::vector<double> x;
      for (const double one : u) {
        x.push_back((2 * one - 1) * boost::math::constants::pi<double>());
      }
      const double s = std::sin(x[1]);
      return std::sin(x[0]) + in.at("a") * s * s + in.at("b") * std::pow(x[2], 4) * std::sin(x[0]);
    };
    return sobol_indices(3, 1 << 14, 1, f)[input].*index;
  };
}

YearMeans means(const Inputs& in) {
  YearMeans year;
  year.wafers = 12 * get(in, "wpm", 0) * get(in, "share", 1);
  year.dies_per_wafer = in.at("dies_per_wafer");
  year.yield = in.at("yield");
  year.assembly_yield = in.at("assembly");
  year.dies_each = in.at("dies");
  year.dies_in_stock = get(in, "bank", 0);
  if (in.count("stacks") != 0) {
    year.stacks = in.at("stacks");
    year.stacks_each = in.at("stacks_each");
  }
  if (in.count("starts") != 0) {
    year.packaging_starts = in.at("starts");
  }
  return year;
}

double wafers(const Inputs& in) {
  const double packages = in.count("packages") != 0
                              ? in.at("packages")
                              : in.at("usd") / in.at("price") * in.at("share");
  return *wafers_needed(means(in), packages);
}

// In grams, areas in cm2, the fab's figures per cm2 and the grid's per kWh.
double carbon(const Inputs& in) {
  constexpr double kGram = 1e-3;
  constexpr double kPackaging = 150;  // ACT
  Die die;
  die.set_width(std::sqrt(in.at("area_cm2") / kPerCm2));
  die.set_height(die.width());
  Process process;
  process.mutable_carbon()->set_energy(in.at("epa") * kPerCm2);
  process.mutable_carbon()->set_gases(in.at("gpa") * kGram * kPerCm2);
  process.mutable_carbon()->set_materials(in.at("mpa") * kGram * kPerCm2);
  process.mutable_carbon()->set_grid(in.at("grid") * kGram);
  return die_carbon(die, process, in.at("yield")) / kGram + in.at("packages") * kPackaging;
}

}  // namespace

Quantities money_quantities() {
  return {
      {"assembly_yield", [](const Inputs& in) { return assembly_yield(bill(in)); }},
      {"good_die_usd", good_die},
      {"package_usd_committed_first", committed_first},
      {"staged_usd", staged},
      {"chiplet_actuary_die", actuary_die},
      {"chiplet_actuary_mcm", actuary_mcm},
      {"chiplet_actuary_interposer", actuary_interposer},
      {"chiplet_actuary_amd", actuary_amd},
      {"capital_recovery_factor",
       [](const Inputs& in) { return capital_recovery_factor(in.at("rate"), in.at("years")); }},
      {"usd_per_million_tokens",
       [](const Inputs& in) {
         return usd_per_million_tokens(in.at("usd_per_hour"), in.at("tokens_per_s"), 1);
       }},
      {"rental_usd_per_day",
       [](const Inputs& in) {  // through the price of a token: one million tokens a day
         return usd_per_million_tokens(in.at("packages") * in.at("usd_per_hour"), 1e6 / 86400, 1);
       }},
      {"rental_usd", rental_usd},
      {"energy_usd_per_year", energy_per_year},
      {"triangular_mean", [](const Inputs& in) { return triangular_moment(in, 1); }},
      {"triangular_sd", [](const Inputs& in) { return triangular_moment(in, 2); }},
      {"ishigami_S1", ishigami(0, &SobolIndices::first)},
      {"ishigami_S2", ishigami(1, &SobolIndices::first)},
      {"ishigami_S3", ishigami(2, &SobolIndices::first)},
      {"ishigami_ST1", ishigami(0, &SobolIndices::total)},
      {"ishigami_ST2", ishigami(1, &SobolIndices::total)},
      {"ishigami_ST3", ishigami(2, &SobolIndices::total)},
      {"supply_packages", [](const Inputs& in) { return supply_of(means(in)).packages; }},
      {"supply_wafers", wafers},
      {"dies_left", [](const Inputs& in) { return supply_of(means(in)).dies_left; }},
      {"carbon_g", carbon},
      {"solved_price",
       [](const Inputs& in) {  // performance per dollar equal to that of the other
         return *solve(1000, 100000, 1,
                       [&](double price) { return in.at("performance") * in.at("price") / price; });
       }},
  };
}

}  // namespace reticle::economics::test
