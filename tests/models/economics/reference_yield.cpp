#include <cmath>

#include "models/economics/die.h"
#include "models/economics/sensitivity.h"
#include "models/economics/spares.h"
#include "models/economics/textbook.h"
#include "reference_quantities.h"
#include "schema/config/mapping.h"

namespace reticle::economics::test {
namespace {

constexpr double kCm2 = 1e-4;
constexpr double kMm = 1e-3;
constexpr double kMm2 = 1e-6;

double get(const Inputs& in, const std::string& name, double otherwise) {
  return in.count(name) == 0 ? otherwise : in.at(name);
}

DieDesign design(const Inputs& in) {
  DieDesign die{in.at("area_cm2") * kCm2, 0, 1, 1, {}};
  if (in.count("cores") != 0) {
    die.core_share = in.at("core_share");
    die.cores = int(in.at("cores"));
    die.cores_needed = int(in.at("needed"));
  }
  return die;
}

Defects defects(const Inputs& in, YieldLaw law) {
  Defects defects;
  defects.density = get(in, "d0_per_cm2", 0) / kCm2;
  defects.law = {law, get(in, "alpha", 0), int(get(in, "layers", 1))};
  defects.critical_area_ratio = get(in, "critical", 1);
  return defects;
}

std::function<double(const Inputs&)> yield(YieldLaw law) {
  return [law](const Inputs& in) { return die_yield(design(in), defects(in, law)); };
}

double inverse(const Inputs& in) {
  const YieldLaw law = in.count("alpha") == 0 ? YIELD_LAW_POISSON : YIELD_LAW_NEGATIVE_BINOMIAL;
  return defect_density(design(in), in.at("yield"), defects(in, law)) * kCm2;
}

Die outline(const Inputs& in) {
  Die die;
  config::fill_presets(die);
  die.set_width(in.at("width_mm") * kMm);
  die.set_height(in.at("height_mm") * kMm);
  die.set_cores(1);
  die.set_cores_needed(1);
  return die;
}

Process wafer(const Inputs& in) {
  Process process;
  config::fill_presets(process);
  process.set_wafer_diameter(in.at("wafer_mm") * kMm);
  process.set_edge_exclusion(in.at("edge_mm") * kMm);
  process.set_scribe(in.at("scribe_mm") * kMm);
  process.set_notch(get(in, "notch_mm", 0) * kMm);
  process.set_systematic_yield(1);
  return process;
}

double dies(const Inputs& in) { return plan_dies(outline(in), wafer(in)).dies_per_wafer; }

double radial_yield(const Inputs& in) {
  Process process = wafer(in);
  process.set_defect_density(in.at("d0_per_cm2") / kCm2);
  process.mutable_radial()->set_slope(in.at("slope"));
  process.mutable_radial()->set_exponent(in.at("exponent"));
  const Die die = outline(in);
  return die_cost(die, process, plan_dies(die, process)).yield;
}

double actuary(const Inputs& in) {
  return dies_chiplet_actuary(in.at("wafer_mm") * kMm, in.at("area_mm2") * kMm2,
                              in.at("scribe_mm") * kMm, in.at("edge_mm") * kMm);
}

// The defect density at which `chips` small dies cost `ratio` of a monolith, counted by de Vries.
std::function<double(const Inputs&)> naples(YieldLaw law) {
  return [law](const Inputs& in) {
    const auto cost = [&](double mm2, double density) {
      const DieDesign die{mm2 * kMm2, 0, 1, 1, {}};
      return 1 / (dies_de_vries(0.3, mm2 * kMm2) * die_yield(die, {density, {law, 3, 1}, 1, 1}));
    };
    return *solve(1, 1 / kCm2, in.at("ratio"), [&](double density) {
      return in.at("chips") * cost(in.at("chip_mm2"), density) /
             cost(in.at("monolith_mm2"), density);
    }) * kCm2;
  };
}

// Dies of many small chips over a monolith's, each good and counted by de Vries.
double naples_ratio(const Inputs& in) {
  const auto cost = [&](double mm2) {
    const DieDesign die{mm2 * kMm2, 0, 1, 1, {}};
    const Defects defects{in.at("d0_per_cm2") / kCm2, {YIELD_LAW_NEGATIVE_BINOMIAL, 3, 1}, 1, 1};
    return 1 / (dies_de_vries(0.3, mm2 * kMm2) * die_yield(die, defects));
  };
  return in.at("chips") * cost(in.at("chip_mm2")) / cost(in.at("monolith_mm2"));
}

// The yield of a die twice as large, from that of the small one.
double doubled_die_yield(const Inputs& in) {
  DieDesign die{1e-4, 0, 1, 1, {}};
  Defects like;
  like.law = {YIELD_LAW_NEGATIVE_BINOMIAL, in.at("alpha"), 1};
  like.density = defect_density(die, in.at("yield"), like);
  die.area *= 2;
  return die_yield(die, like);
}

}  // namespace

Quantities yield_quantities() {
  return {
      {"poisson_yield", yield(YIELD_LAW_POISSON)},
      {"murphy_yield", yield(YIELD_LAW_MURPHY)},
      {"rectangular_yield", yield(YIELD_LAW_RECTANGULAR)},
      {"seeds_yield", yield(YIELD_LAW_SEEDS)},
      {"moore_yield", yield(YIELD_LAW_MOORE)},
      {"negative_binomial_yield", yield(YIELD_LAW_NEGATIVE_BINOMIAL)},
      {"bose_einstein_yield", yield(YIELD_LAW_BOSE_EINSTEIN)},
      {"harvest_yield", yield(YIELD_LAW_POISSON)},
      {"clustered_harvest_yield", yield(YIELD_LAW_NEGATIVE_BINOMIAL)},
      {"defect_density", inverse},
      {"dies_per_wafer", dies},
      {"packages_per_wafer", [](const Inputs& in) { return dies(in) / in.at("dies"); }},
      {"dies_de_vries",
       [](const Inputs& in) {
         return dies_de_vries(in.at("wafer_mm") * kMm, in.at("area_mm2") * kMm2);
       }},
      {"dies_chiplet_actuary", actuary},
      {"radial_yield", radial_yield},
      {"repaired",
       [](const Inputs& in) { return repaired(int(in.at("repairs")), in.at("faults")); }},
      {"repaired_clustered",
       [](const Inputs& in) {
         return repaired(int(in.at("repairs")), in.at("faults"), in.at("alpha"));
       }},
      {"escapes_per_defect",
       [](const Inputs& in) { return escapes_per_defect(in.at("yield"), in.at("coverage")); }},
      {"quality_per_die",
       [](const Inputs& in) { return 1 - escapes_per_die(in.at("yield"), in.at("coverage")); }},
      {"naples_ratio", naples_ratio},
      {"doubled_die_yield", doubled_die_yield},
      {"naples_d0_poisson", naples(YIELD_LAW_POISSON)},
      {"naples_d0_murphy", naples(YIELD_LAW_MURPHY)},
      {"naples_d0_negative_binomial", naples(YIELD_LAW_NEGATIVE_BINOMIAL)},
  };
}

}  // namespace reticle::economics::test
