#include "study/cost/wafer_map.h"

#include <array>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <cstdio>
#include <map>

namespace reticle::study {

namespace {

using Random = boost::random::mt19937_64;

double uniform(Random& random) { return boost::random::uniform_01<double>()(random); }

int poisson(Random& random, double mean) {
  return mean > 0 ? boost::random::poisson_distribution<int, double>(mean)(random) : 0;
}

// One value of the law's density, from its quadrature.
double density_factor(Random& random, const std::vector<economics::DensityNode>& nodes) {
  double left = uniform(random);
  for (const economics::DensityNode& node : nodes) {
    left -= node.weight;
    if (left < 0) {
      return node.factor;
    }
  }
  return nodes.back().factor;
}

// Good ones of `count` equal blocks with `defects` on each on average.
int good_blocks(Random& random, int count, double defects, int repairs) {
  int good = 0;
  for (int i = 0; i < count; ++i) {
    good += poisson(random, defects) <= repairs ? 1 : 0;
  }
  return good;
}

// What becomes of one die of density `density`.
MappedDie draw_die(Random& random, const Die& die, const economics::DieDesign& design,
                   double density) {
  double rest = design.area * (1 - design.core_share);
  bool alive = true;
  bool whole = true;
  for (const economics::SpareBlocks& block : design.blocks) {
    const int good =
        good_blocks(random, block.count, density * block.area / block.count, block.repairs);
    alive = alive && good >= block.needed;
    whole = whole && good == block.count;
    rest -= block.area;
  }
  const int cores = good_blocks(random, design.cores,
                                density * design.area * design.core_share / design.cores, 0);
  alive = poisson(random, density * rest) == 0 && alive;
  MappedDie mapped;
  if (!alive) {
    mapped.state = DieState::kBad;
  } else if (cores >= design.cores_needed) {
    mapped.state = cores == design.cores && whole ? DieState::kGood : DieState::kHarvested;
  } else {
    mapped.state = DieState::kBad;
    for (int i = die.bins_size() - 1; i >= 0; --i) {
      if (cores >= static_cast<int>(die.bins(i).cores_needed())) {
        mapped.state = DieState::kBin;
        mapped.bin = i;
      }
    }
  }
  return mapped;
}

constexpr double kScale = 2500;  // picture units a metre
constexpr double kMargin = 20;
constexpr double kLegend = 260;

struct Paint {
  std::string label;
  std::string colour;
};

Paint paint(const MappedDie& die, const Die& design) {
  static const std::array<const char*, 4> bins = {"#e9c46a", "#f4a261", "#d4a373", "#b5838d"};
  switch (die.state) {
    case DieState::kGood:
      return {"good", "#2a9d8f"};
    case DieState::kHarvested:
      return {"good, spares used", "#8ab17d"};
    case DieState::kBin:
      return {"bin " + design.bins(die.bin).name(),
              bins.at(static_cast<std::size_t>(die.bin) % bins.size())};
    case DieState::kBad:
      return {"bad", "#e76f51"};
    default:
      return {"partial", "#d0d0d0"};
  }
}

template <class... Values>
std::string format(const char* pattern, Values... values) {
  std::array<char, 400> text{};
  std::snprintf(text.data(), text.size(), pattern, values...);
  return text.data();
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    safe += c == '&' ? "&amp;" : c == '<' ? "&lt;" : std::string(1, c);
  }
  return safe;
}

}  // namespace

std::vector<MappedDie> sample_wafer(const Die& die, const Process& process,
                                    const economics::DiePlan& plan, uint64_t seed) {
  if (process.layers_size() > 0) {
    throw std::domain_error("sample_wafer: layers do not say where defects are");
  }
  const economics::Defects defects = economics::defects(process);
  const economics::DieDesign design = economics::die_design(die);
  const auto nodes = economics::density_nodes(defects.law);
  const int layers = defects.law.law == YIELD_LAW_BOSE_EINSTEIN ? defects.law.layers : 1;
  const double mean = defects.density * defects.critical_area_ratio * layers;
  Random random(seed);
  std::vector<MappedDie> dies;
  for (std::size_t i = 0; i < plan.positions.size(); ++i) {
    const double radial = plan.radial.empty() ? 1 : plan.radial[i];
    MappedDie mapped = draw_die(random, die, design, mean * radial * density_factor(random, nodes));
    if (uniform(random) >= defects.systematic_yield) {
      mapped.state = DieState::kBad;
    }
    mapped.at = plan.positions[i];
    dies.push_back(mapped);
  }
  for (const economics::DiePosition& at :
       economics::partial_dies(economics::wafer_grid(die, process), plan.positions)) {
    dies.push_back({at, DieState::kPartial, 0});
  }
  return dies;
}

std::string wafer_svg(const Die& die, const Process& process, const std::vector<MappedDie>& dies) {
  const double radius = process.wafer_diameter() / 2 * kScale;
  const double centre = radius + kMargin;
  const double usable = radius - process.edge_exclusion() * kScale;
  std::string svg = format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
      "font-family=\"sans-serif\" font-size=\"16\">\n<clipPath id=\"wafer\"><circle cx=\"%.2f\" "
      "cy=\"%.2f\" r=\"%.2f\"/></clipPath>\n<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.2f\" "
      "fill=\"#f4f4f4\" stroke=\"#444\"/>\n<g clip-path=\"url(#wafer)\">\n",
      2 * centre + kLegend, 2 * centre, centre, centre, radius, centre, centre, radius);
  std::map<std::string, std::pair<std::string, int>> legend;
  for (const MappedDie& mapped : dies) {
    const Paint how = paint(mapped, die);
    ++(legend[how.label] = {how.colour, legend[how.label].second}).second;
    svg += format("<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\"/>\n",
                  centre + (mapped.at.x - die.width() / 2) * kScale,
                  centre - (mapped.at.y + die.height() / 2) * kScale, die.width() * kScale,
                  die.height() * kScale, how.colour.c_str());
  }
  svg += format(
      "</g>\n<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.2f\" fill=\"none\" stroke=\"#444\" "
      "stroke-dasharray=\"6 4\"/>\n",
      centre, centre, usable);
  double y = kMargin + 20;
  for (const auto& [label, entry] : legend) {
    svg += format("<rect x=\"%.2f\" y=\"%.2f\" width=\"16\" height=\"16\" fill=\"%s\"/>\n",
                  2 * centre, y, entry.first.c_str());
    svg += format("<text x=\"%.2f\" y=\"%.2f\">", 2 * centre + 24, y + 14) + escaped(label) +
           format(": %d</text>\n", entry.second);
    y += 26;
  }
  return svg + "</svg>\n";
}

}  // namespace reticle::study
