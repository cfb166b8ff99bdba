// Every row of validation/cost/reference.csv, computed by the function it is about.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <map>
#include <sstream>

#include "models/economics/die.h"
#include "models/economics/operation.h"
#include "models/economics/package.h"
#include "models/economics/placement.h"
#include "models/economics/uncertainty.h"
#include "schema/csv.h"

using namespace reticle;
using namespace reticle::economics;

namespace {

constexpr double kCm2 = 1e-4;
constexpr double kMm = 1e-3;
constexpr double kHoursPerYear = 8760;

using Inputs = std::map<std::string, double>;

Inputs parse(const std::string& text) {
  Inputs inputs;
  std::istringstream in(text);
  for (std::string item; std::getline(in, item, ';');) {
    const size_t equals = item.find('=');
    inputs[item.substr(0, equals)] = std::stod(item.substr(equals + 1));
  }
  return inputs;
}

DieDesign design(const Inputs& in) {
  DieDesign die{in.at("area_cm2") * kCm2, 0, 1, 1};
  if (in.count("cores") != 0) {
    die = {die.area, in.at("core_share"), int(in.at("cores")), int(in.at("needed"))};
  }
  return die;
}

double yield(const Inputs& in) { return die_yield(design(in), in.at("d0_per_cm2") / kCm2); }

double inverse(const Inputs& in) { return defect_density(design(in), in.at("yield")) * kCm2; }

double dies(const Inputs& in) {
  return double(
      place_dies({in.at("wafer_mm") * kMm, in.at("edge_mm") * kMm, in.at("scribe_mm") * kMm,
                  in.at("width_mm") * kMm, in.at("height_mm") * kMm})
          .size());
}

PackageBill bill(const Inputs& in) {
  PackageBill bill;
  bill.dies = {{int(in.at("dies")), 0, in.at("y_die")}};
  bill.hbm = {{int(in.at("hbm")), 0, in.at("y_hbm")}};
  bill.final_yield = in.at("y_final");
  return bill;
}

double good_die(const Inputs& in) {
  Die die;
  die.set_width(1e-2);
  die.set_height(1e-2);
  die.set_cores(1);
  die.set_cores_needed(1);
  Process process;
  process.set_wafer_cost(in.at("wafer_usd"));
  process.set_systematic_yield(in.at("yield"));
  return die_cost(die, process, int(in.at("dies_per_wafer"))).usd_per_good;
}

// The rows assume that all material is committed before anything is lost: a line of one stage.
double committed_first(const Inputs& in) {
  const double material = in.at("dies") * in.at("die_usd") + in.at("hbm") * in.at("hbm_usd") +
                          in.at("interposer_usd") + in.at("substrate_usd");
  return cost_per_good({{material, in.at("test_usd"), assembly_yield(bill(in))}});
}

double staged(const Inputs& in) {
  return cost_per_good({{in.at("m1"), 0, in.at("y1")},
                        {in.at("m2"), 0, in.at("y2")},
                        {in.at("m3"), 0, in.at("y3")}});
}

double energy_per_year(const Inputs& in) {
  Terms terms;
  terms.electricity = in.at("usd_per_kwh");
  const WallPower power = wall_power({in.at("it_kw") * 1000, 0, 0}, 1, in.at("pue"));
  return hourly_cost(0, power, terms).energy * kHoursPerYear;
}

// Moments by the midpoint rule over the quantile function.
double triangular_moment(const Inputs& in, int power) {
  const boost::math::triangular prior(in.at("low"), in.at("mode"), in.at("high"));
  constexpr int kSteps = 100000;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double x = boost::math::quantile(prior, (i + 0.5) / kSteps);
    sum += (power == 1 ? x : (x - 0.3) * (x - 0.3)) / kSteps;
  }
  return power == 1 ? sum : std::sqrt(sum);
}

const std::map<std::string, std::function<double(const Inputs&)>>& quantities() {
  static const std::map<std::string, std::function<double(const Inputs&)>> all = {
      {"poisson_yield", yield},
      {"harvest_yield", yield},
      {"defect_density", inverse},
      {"dies_per_wafer", dies},
      {"assembly_yield", [](const Inputs& in) { return assembly_yield(bill(in)); }},
      {"good_die_usd", good_die},
      {"package_usd_committed_first", committed_first},
      {"staged_usd", staged},
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
      {"energy_usd_per_year", energy_per_year},
      {"triangular_mean", [](const Inputs& in) { return triangular_moment(in, 1); }},
      {"triangular_sd", [](const Inputs& in) { return triangular_moment(in, 2); }},
  };
  return all;
}

// "rel 1e-5", "abs 1", "above rel 0.01" (at least the expected value, at most 1 % more).
void check(const CsvRow& row, double value) {
  const double expected = std::stod(row[3]);
  std::string kind = row[5].substr(0, row[5].rfind(' '));
  const double size = std::stod(row[5].substr(row[5].rfind(' ') + 1));
  const double band = kind == "abs" ? size : size * std::abs(expected);
  INFO(row[0] << ": " << value << ", expected " << expected << " within " << row[5]);
  CHECK(value <= expected + band);
  CHECK(value >= (kind == "above rel" ? expected : expected - band));
}

}  // namespace

TEST_CASE("published and closed-form cost figures") {
  const auto rows =
      read_csv(std::filesystem::path(RETICLE_SOURCE_DIR "/validation/cost/reference.csv"));
  REQUIRE(rows.at(0) ==
          CsvRow{"id", "quantity", "inputs", "expected", "unit", "tolerance", "source", "grade"});
  std::map<std::string, int> seen;
  for (size_t i = 1; i < rows.size(); ++i) {
    INFO("row " << i << " " << rows[i][0] << " " << rows[i][1]);
    REQUIRE(quantities().count(rows[i][1]) == 1);
    check(rows[i], quantities().at(rows[i][1])(parse(rows[i][2])));
    ++seen[rows[i][1]];
  }
  CHECK(seen.size() == quantities().size());
}
