// Fits the energies of a GPU from measured board powers: power_fit [TABLE.csv [CHIP]].
// Prints each parameter with its range, and the residual on both halves of the table.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <map>
#include <set>

#include "models/kernels/store.h"
#include "schema/config/catalog.h"
#include "schema/errors.h"
#include "study/kernel/simulator.h"
#include "validation/power_fit/measured_power.h"
#include "validation/power_fit/power_fit.h"

using namespace reticle;
using namespace reticle::validation;

namespace {

constexpr double kShortest_s = 50e-6;  // shorter kernels are averaged with the gaps between them
constexpr double kAtCap = 0.975;       // of the cap: what boards that are held at 700 W report
constexpr double kTold = 0.5;          // of a kernel's time that must follow the clock to tell it

struct Free {
  const char* path;
  const char* component;
};
constexpr Free kFree[] = {{"energy.matrix.bfloat16.op", "matrix"},
                          {"energy.l2_byte", "l2"},
                          {"energy.hbm_byte", "hbm"},
                          {"power.clock_tree", "clock_tree"}};

std::vector<Parameter> parameters(const config::Loaded<Chip>& chip) {
  std::vector<Parameter> all;
  for (const Free& free : kFree) {
    const config::Origin& origin = chip.provenance.at(free.path);
    all.push_back({free.path, free.component, origin.value, origin.low.value_or(origin.value),
                   origin.high.value_or(origin.value)});
  }
  return all;
}

double seconds_at(study::Simulator& simulator, const Operator& op, double clock_hz) {
  L2State l2;
  l2.set_start(L2_START_BENCH);
  return static_cast<double>(simulator.demand_alone(op, l2, clock_hz).time_ps()) * 1e-12;
}

// The clock is not in the table. A row under the cap ran at the highest. One at the cap ran at the
// clock that makes the simulated time the measured one, if enough of it follows the clock; else its
// power at the highest clock is at least the cap.
Sample sample(study::Simulator& simulator, const MeasuredPower& row) {
  const power::VoltageCurve& curve = simulator.power().curve;
  L2State l2;
  l2.set_start(L2_START_BENCH);
  Sample one;
  one.seconds = row.seconds;
  one.power_w = row.power_w;
  one.clock_hz = curve.max_clock_hz;
  const DemandVector demand = simulator.demand_alone(row.op, l2, curve.max_clock_hz);
  for (const ComponentEnergy& energy : demand.energy()) {
    one.dynamic[energy.component()] = energy.joules();
  }
  if (row.power_w < kAtCap * simulator.chip().power().cap()) {
    return one;
  }
  const double fastest = static_cast<double>(demand.time_ps()) * 1e-12;
  const double slowest = seconds_at(simulator, row.op, curve.knee_clock_hz);
  // Time is a + b / clock.
  const double b = (slowest - fastest) / (1 / curve.knee_clock_hz - 1 / curve.max_clock_hz);
  const double a = fastest - b / curve.max_clock_hz;
  one.at_least = b / curve.max_clock_hz < kTold * fastest;
  if (!one.at_least) {
    one.clock_hz = row.seconds > a
                       ? std::clamp(b / (row.seconds - a), curve.knee_clock_hz, curve.max_clock_hz)
                       : curve.max_clock_hz;
  }
  return one;
}

void print_residual(const char* name, const power::ChipSpec& chip,
                    const std::vector<Sample>& samples, const std::vector<Parameter>& old,
                    const std::vector<Parameter>& fresh) {
  std::vector<double> errors;
  std::vector<double> sizes;
  for (const Sample& one : samples) {
    errors.push_back(100 * std::expm1(log_error(chip, one, old, fresh)));
    sizes.push_back(std::abs(errors.back()));
  }
  std::sort(errors.begin(), errors.end());
  std::sort(sizes.begin(), sizes.end());
  const auto at = [](const std::vector<double>& sorted, double share) {
    return sorted.empty()
               ? 0
               : sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  };
  std::printf("%-32s n %3zu  median %5.1f %%  P90 %5.1f %%  bias (median) %+5.1f %%\n", name,
              samples.size(), at(sizes, 0.5), at(sizes, 0.9), at(errors, 0.5));
}

// By what the row says: kernels under the cap that HBM binds or the matrix unit, and those at the
// cap whose time tells the clock or only that the cap was reached.
void print_residuals(const char* half, const study::Simulator& simulator,
                     const std::vector<Sample>& samples, const std::vector<Parameter>& old,
                     const std::vector<Parameter>& fresh) {
  const double cap_w = simulator.chip().power().cap();
  std::map<std::string, std::vector<Sample>> groups;
  for (const Sample& one : samples) {
    const bool under = one.power_w < kAtCap * cap_w;
    const bool hbm = one.dynamic.at("hbm") > one.dynamic.at("matrix");
    groups[one.at_least ? "at the cap, clock not told"
           : !under     ? "at the cap"
           : hbm        ? "under the cap, HBM"
                        : "under the cap, matrix"]
        .push_back(one);
  }
  print_residual(half, simulator.power(), samples, old, fresh);
  for (const auto& [name, group] : groups) {
    print_residual(("  " + name).c_str(), simulator.power(), group, old, fresh);
  }
}

void run(const std::string& table, const std::string& name) {
  const config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
  const config::Loaded<Chip> chip = catalog.chip(name);
  const Software software = catalog.software(chip.message.software()).message;
  kernels::Store store(kernels::Store::default_directory());
  study::Simulator simulator("chip", chip.message, software, FIDELITY_CYCLE, store);
  std::vector<MeasuredPower> rows = read_power_table(table);
  std::set<std::string> families;
  for (const MeasuredPower& row : rows) {
    families.insert(row.family);
  }
  std::vector<Sample> halves[2];
  for (const MeasuredPower& row : rows) {
    if (row.seconds > kShortest_s) {
      const auto family = std::distance(families.begin(), families.find(row.family));
      halves[family % 2].push_back(sample(simulator, row));
    }
  }
  const std::vector<Parameter> old = parameters(chip);
  const std::vector<Parameter> fresh = fit_power(simulator.power(), halves[0], old);
  std::printf("%-28s %12s %12s %12s %12s\n", "parameter", "config", "fitted", "low", "high");
  for (std::size_t i = 0; i < old.size(); ++i) {
    std::printf("%-28s %12.4g %12.4g %12.4g %12.4g\n", old[i].path.c_str(), old[i].value,
                fresh[i].value, old[i].low, old[i].high);
  }
  for (const bool fitted : {false, true}) {
    const std::vector<Parameter>& values = fitted ? fresh : old;
    std::printf("%s\n", fitted ? "fitted values" : "values of the config");
    print_residuals("fit half", simulator, halves[0], old, values);
    print_residuals("test half", simulator, halves[1], old, values);
  }
}

}  // namespace

// Debian's SystemC library holds a main that calls this; ours comes first.
extern "C" int sc_main(int, char**) { return 0; }

int main(int argc, char** argv) {
  try {
    run(argc > 1 ? argv[1] : RETICLE_SOURCE_DIR "/validation/measured/h200_sxm/gemm.csv",
        argc > 2 ? argv[2] : "h200-sxm");
  } catch (const Error& error) {
    std::cerr << error.what() << '\n';
    return error.exit_status();
  }
  return 0;
}
