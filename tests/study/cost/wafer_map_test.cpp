#include "study/cost/wafer_map.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "schema/config/mapping.h"

using namespace reticle;
using namespace reticle::study;

namespace {

Die die() {
  Die die;
  config::fill_presets(die);
  die.set_width(0.02132);
  die.set_height(0.03122);
  die.set_cores(25);
  die.set_cores_needed(24);
  die.set_core_share(0.55);
  Bin& bin = *die.add_bins();
  bin.set_name("<20>");
  bin.set_cores_needed(20);
  return die;
}

Process process(YieldLaw law) {
  Process process;
  config::fill_presets(process);
  process.set_wafer_diameter(0.3);
  process.set_edge_exclusion(0.005);
  process.set_scribe(0.0002);
  process.set_defect_density(2720);
  process.set_systematic_yield(0.95);
  process.set_yield_law(law);
  process.set_clustering(2);
  return process;
}

// Share of the dies of many wafers in a state.
double share(const Process& fab, DieState state) {
  const auto plan = economics::plan_dies(die(), fab);
  int all = 0;
  int here = 0;
  for (uint64_t seed = 0; seed < 150; ++seed) {
    for (const MappedDie& mapped : sample_wafer(die(), fab, plan, seed)) {
      all += mapped.state == DieState::kPartial ? 0 : 1;
      here += mapped.state == state ? 1 : 0;
    }
  }
  CHECK(all == 150 * 80);
  return double(here) / all;
}

}  // namespace

TEST_CASE("wafers at random have the yield that is computed") {
  for (const YieldLaw law : {YIELD_LAW_POISSON, YIELD_LAW_MURPHY, YIELD_LAW_NEGATIVE_BINOMIAL}) {
    const Process fab = process(law);
    const auto plan = economics::plan_dies(die(), fab);
    const std::vector<double> bins = economics::die_bins(die(), fab, plan);
    INFO(YieldLaw_Name(law));
    const double margin = 4 * std::sqrt(0.25 / (150 * 80));
    CHECK(share(fab, DieState::kGood) + share(fab, DieState::kHarvested) ==
          Approx(bins[0]).margin(margin));
    CHECK(share(fab, DieState::kBin) == Approx(bins[1]).margin(margin));
  }
}

TEST_CASE("the picture: every die, the states, safe text, the same for the same seed") {
  const Process fab = process(YIELD_LAW_POISSON);
  const auto plan = economics::plan_dies(die(), fab);
  const auto dies = sample_wafer(die(), fab, plan, 7);
  const std::string svg = wafer_svg(die(), fab, dies);
  CHECK(svg == wafer_svg(die(), fab, sample_wafer(die(), fab, plan, 7)));
  CHECK(svg != wafer_svg(die(), fab, sample_wafer(die(), fab, plan, 8)));
  std::size_t rectangles = 0;
  for (std::size_t at = svg.find("<rect"); at != std::string::npos;
       at = svg.find("<rect", at + 1)) {
    ++rectangles;
  }
  CHECK(rectangles >= dies.size() + 3);  // and the legend
  for (const char* part : {"<svg", "</svg>", ">good: ", ">good, spares used: ", ">bad: ",
                           ">partial: 46<", ">bin &lt;20>: "}) {
    INFO(part);
    CHECK(svg.find(part) != std::string::npos);
  }
}
