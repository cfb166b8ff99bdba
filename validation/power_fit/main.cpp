// Fits the energies of a GPU from measured board powers: power_fit [TABLE.csv [CHIP]].
// Prints each parameter with its range, and the residual on both halves of the table.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
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

// Shorter kernels are averaged with the gaps between them; hotter ones were held at the cap.
constexpr double kShortest_s = 50e-6;
constexpr double kHottest_w = 650;

struct Free {
  const char* path;
  const char* component;
};
constexpr Free kFree[] = {
    {"energy.matrix.bfloat16.op", "matrix"}, {"energy.l2_byte", "l2"}, {"energy.hbm_byte", "hbm"}};

std::vector<Parameter> parameters(const config::Loaded<Chip>& chip) {
  std::vector<Parameter> all;
  for (const Free& free : kFree) {
    const config::Origin& origin = chip.provenance.at(free.path);
    all.push_back({free.path, free.component, origin.value, origin.low.value_or(origin.value),
                   origin.high.value_or(origin.value)});
  }
  return all;
}

// The clock is not in the table. It is taken as what makes the simulated time the measured one; it
// only decides the voltage.
Sample sample(study::Simulator& simulator, const MeasuredPower& row) {
  const power::VoltageCurve& curve = simulator.power().curve;
  L2State l2;
  l2.set_start(L2_START_BENCH);
  Sample one{{}, row.seconds, row.power_w};
  const DemandVector demand = simulator.demand_alone(row.op, l2, curve.max_clock_hz);
  const double fastest = static_cast<double>(demand.time_ps()) * 1e-12;
  const double clock_hz = std::clamp(curve.max_clock_hz * fastest / row.seconds,
                                     curve.knee_clock_hz, curve.max_clock_hz);
  one.clock_hz = clock_hz;
  for (const ComponentEnergy& energy : demand.energy()) {
    one.dynamic[energy.component()] = energy.joules();
  }
  return one;
}

void print_residual(const char* name, const power::ChipSpec& chip,
                    const std::vector<Sample>& samples, const std::vector<Parameter>& old,
                    const std::vector<Parameter>& fresh) {
  std::vector<double> errors;
  std::vector<double> sizes;
  for (const Sample& one : samples) {
    errors.push_back(100 * (predicted_power(chip, one, old, fresh) / one.power_w - 1));
    sizes.push_back(std::abs(errors.back()));
  }
  std::sort(errors.begin(), errors.end());
  std::sort(sizes.begin(), sizes.end());
  const auto at = [](const std::vector<double>& sorted, double share) {
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  };
  std::printf("%-12s n %3zu  median %5.1f %%  P90 %5.1f %%  bias (median) %+5.1f %%\n", name,
              samples.size(), at(sizes, 0.5), at(sizes, 0.9), at(errors, 0.5));
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
    if (row.seconds > kShortest_s && row.power_w < kHottest_w) {
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
    print_residual("fit half", simulator.power(), halves[0], old, values);
    print_residual("test half", simulator.power(), halves[1], old, values);
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
