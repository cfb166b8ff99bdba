#include "sim/power/phases.h"

#include <algorithm>
#include <map>

namespace reticle::power {

namespace {

using Uses = std::vector<PhaseUse>;

bool under(const PhaseUse& use, double cap_w) { return use.joules <= cap_w * use.seconds; }

// Share of the work at the higher clock with which both together burn the cap.
double share_over(const PhaseUse& within, const PhaseUse& over, double cap_w) {
  const double spare = cap_w * within.seconds - within.joules;
  const double excess = over.joules - cap_w * over.seconds;
  return spare > 0 ? spare / (spare + excess) : 0;
}

}  // namespace

std::size_t phases(double seconds, double window_s) {
  return window_s > 0 ? std::max<std::size_t>(1, static_cast<std::size_t>(seconds / window_s)) : 1;
}

std::vector<PhaseClock> govern_phases(const VoltageCurve& curve, double cap_w, std::size_t expected,
                                      const std::function<Uses(std::size_t)>& use) {
  std::map<std::size_t, Uses> asked;
  const auto at = [&](std::size_t choice) -> const Uses& {
    const auto [found, fresh] = asked.try_emplace(choice);
    if (fresh) {
      found->second = use(choice);
    }
    return found->second;
  };
  const std::size_t highest = curve.clocks() - 1;
  std::vector<PhaseClock> clocks(at(std::min(expected, highest)).size());
  for (std::size_t phase = 0; phase < clocks.size(); ++phase) {
    std::size_t choice = std::min(expected, highest);
    while (choice > 0 && !under(at(choice)[phase], cap_w)) {
      --choice;
    }
    while (choice < highest && under(at(choice + 1)[phase], cap_w)) {
      ++choice;
    }
    clocks[phase].within = choice;
    if (choice < highest && under(at(choice)[phase], cap_w)) {
      clocks[phase].over_share = share_over(at(choice)[phase], at(choice + 1)[phase], cap_w);
    }
  }
  return clocks;
}

}  // namespace reticle::power
