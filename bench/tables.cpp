// Speed over the measured tables that ship with the product: processor and wall time of a kernel,
// events it takes, peak memory; or how long so many kernels take at `fast`.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <deque>
#include <map>
#include <string>
#include <systemc>
#include <utility>
#include <vector>

#include "models/kernels/kernel_key.h"
#include "schema/config/assign.h"
#include "schema/config/catalog.h"
#include "study/kernel/kernel_study.h"
#include "study/validate/set.h"

// Debian's SystemC library holds a main that calls sc_main; ours comes first.
int sc_main(int, char**) { return 0; }

namespace {

using namespace reticle;

constexpr double kMillisecond = 1e3;

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024e-6;
}

struct Timed {
  double processor_s = 0;
  double wall_s = 0;
};

template <class Work>
Timed timed(const Work& work) {
  const double processor = processor_seconds();
  const double wall = wall_seconds();
  work();
  return {processor_seconds() - processor, wall_seconds() - wall};
}

// Kernels of the sets' tables, on one simulator a chip and software stack.
class Tables {
 public:
  explicit Tables(const std::vector<std::string>& names, std::size_t sample, Fidelity fidelity)
      : catalog_(RETICLE_SOURCE_DIR "/configs"), store_("") {
    const std::string folder = RETICLE_SOURCE_DIR "/validation";
    for (const std::string& name : names.empty() ? study::set_names(folder) : names) {
      const study::LoadedSet loaded = study::load_set(folder, name);
      if (loaded.set.system().empty()) {
        add(loaded, sample, fidelity);
      }
    }
  }

  struct Kernel {
    std::string set;
    study::Simulator* simulator;
    Operator op;
    L2State l2;
  };
  const std::vector<Kernel>& kernels() const { return kernels_; }

 private:
  void add(const study::LoadedSet& loaded, std::size_t sample, Fidelity fidelity) {
    const ValidationSet& set = loaded.set;
    study::Simulator& simulator = simulator_of(set, fidelity);
    Operator empty;
    const auto keys = config::keys(*config::select_op(empty, set.op()).GetDescriptor());
    for (const study::Measurement& row : study::sample(study::measurements(loaded, keys), sample)) {
      Kernel kernel{set.name(), &simulator, {}, {}};
      config::assign(config::select_op(kernel.op, set.op()), row.keys);
      kernel.l2.set_start(set.start());
      kernels_.push_back(std::move(kernel));
    }
  }

  study::Simulator& simulator_of(const ValidationSet& set, Fidelity fidelity) {
    const Chip chip = catalog_.chip(set.chip()).message;
    const std::string stack = study::software_stack(chip, set.software());
    study::Simulator*& known = by_stack_[chip.name() + " " + stack];
    if (known == nullptr) {
      simulators_.emplace_back("chip" + std::to_string(simulators_.size()), chip,
                               catalog_.software(stack).message, fidelity, store_);
      known = &simulators_.back();
    }
    return *known;
  }

  config::Catalog catalog_;
  kernels::Store store_;
  std::deque<study::Simulator> simulators_;
  std::map<std::string, study::Simulator*> by_stack_;
  std::vector<Kernel> kernels_;
};

double at(std::vector<double> values, double quantile) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(quantile * static_cast<double>(values.size() - 1))];
}

// Of one set, or of all.
struct Column {
  std::vector<double> kernel_ms;  // processor time of one simulation
  std::vector<double> row_ms;     // of a row: the clock is found, by several
  std::vector<double> wall_ms;    // of a kernel
  std::vector<double> events;     // of a kernel
  double all_events = 0;
  double all_seconds = 0;

  void print(const std::string& name) const {
    std::printf("| %s | %zu | %.1f | %.1f | %.0f | %.0f | %.1f | %.0f | %.0f | %.1f |\n",
                name.c_str(), kernel_ms.size(), at(kernel_ms, 0.5), at(kernel_ms, 0.9),
                at(kernel_ms, 1), at(wall_ms, 1), at(row_ms, 0.5), at(row_ms, 1), at(events, 0.5),
                1e-6 * all_events / all_seconds);
  }
};

void cycle_speed(const std::vector<std::string>& sets, std::size_t sample) {
  const Tables tables(sets, sample, FIDELITY_CYCLE);
  std::map<std::string, Column> columns;
  for (const Tables::Kernel& kernel : tables.kernels()) {
    DemandVector demand;
    const Timed one = timed([&] { demand = kernel.simulator->demand_alone(kernel.op, kernel.l2); });
    const Timed rest =
        timed([&] { study::kernel_result(*kernel.simulator, kernel.op, kernel.l2); });
    for (const std::string& name : {kernel.set, std::string("~ all")}) {
      Column& column = columns[name];
      column.kernel_ms.push_back(kMillisecond * one.processor_s);
      column.wall_ms.push_back(kMillisecond * one.wall_s);
      column.row_ms.push_back(kMillisecond * (one.processor_s + rest.processor_s));
      column.events.push_back(static_cast<double>(demand.events()));
      column.all_events += static_cast<double>(demand.events());
      column.all_seconds += one.processor_s;
    }
  }
  std::printf(
      "| set | rows | kernel, ms: median | P90 | max | wall max | clock found: median | max "
      "| events, median | million events/s |\n|---|---|---|---|---|---|---|---|---|---|\n");
  for (const auto& [name, column] : columns) {
    column.print(name);
  }
}

void fast_speed(const std::vector<std::string>& sets, std::size_t count) {
  const Tables tables(sets, count, FIDELITY_FAST);
  const std::vector<Tables::Kernel>& kernels = tables.kernels();
  const Timed all = timed([&] {
    for (std::size_t i = 0; i < count; ++i) {
      const Tables::Kernel& kernel = kernels[i % kernels.size()];
      kernel.simulator->demand_alone(kernel.op, kernel.l2);
    }
  });
  std::printf("%zu kernels at fast, of %zu rows: %.2f s of processor time, %.2f s of wall\n", count,
              kernels.size(), all.processor_s, all.wall_s);
}

}  // namespace

int main(int argc, char* argv[]) {
  CLI::App app("Speed over the measured tables (validation/)");
  std::vector<std::string> sets;
  std::size_t sample = 60;
  std::size_t fast = 0;
  app.add_option("sets", sets, "Sets of kernels (default: all)");
  app.add_option("--sample", sample, "Rows of a set, evenly spread");
  app.add_option("--fast", fast, "So many kernels at fast, instead");
  CLI11_PARSE(app, argc, argv);
  try {
    fast > 0 ? fast_speed(sets, fast) : cycle_speed(sets, sample);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
  std::printf("peak memory %.0f MB\n", peak_megabytes());
}
