#include <memory>
#include <sstream>

#include "cli/batch_options.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/subject.h"
#include "schema/config/assign.h"
#include "schema/errors.h"
#include "schema/json.h"
#include "study/kernel/kernel_study.h"

namespace reticle::cli {

namespace {

struct Options {
  Common common;
  OperatorOptions op;
  std::string chip;
  std::string software;
  std::string l2 = "bench";
  std::string trace;
  bool statistics = false;
};

L2State l2_state(const std::string& word) {
  L2State state;
  if (word == "bench") {
    state.set_start(L2_START_BENCH);
  } else if (word == "cold") {
    state.set_start(L2_START_COLD);
  } else if (word == "flushed") {
    state.set_start(L2_START_FLUSHED);
  } else {
    throw UsageError("--l2 " + word + ": no such state (bench, cold, flushed)");
  }
  return state;
}

std::string text(const KernelResult& result) {
  std::ostringstream out;
  out << result.op() << ' ' << result.shape() << " on " << result.chip() << '\n'
      << "  time       " << study::number_text(result.time_us()) << " us, bound by "
      << result.bound_by() << '\n'
      << "  compute    " << study::number_text(result.tflops()) << " TFLOPS at "
      << study::number_text(result.clock_mhz()) << " MHz\n"
      << "  HBM        " << study::number_text(result.hbm_gb_per_s()) << " GB/s\n"
      << "  energy     " << study::number_text(result.energy_mj()) << " mJ, "
      << study::number_text(result.power_w()) << " W"
      << (result.over_power_cap() ? " (over the cap)" : "") << '\n'
      << "  tiling     " << result.variant() << '\n';
  return out.str();
}

CsvRow cells(const KernelResult& result) {
  return {study::number_text(result.time_us()),
          study::number_text(result.tflops()),
          study::number_text(result.hbm_gb_per_s()),
          study::number_text(result.energy_mj()),
          study::number_text(result.power_w()),
          study::number_text(result.clock_mhz()),
          result.bound_by(),
          result.fidelity()};
}

study::BatchSpec batch_spec(study::Simulator& simulator, const L2State& l2) {
  return operator_batch<Operator>({"time_us", "tflops", "hbm_gb_per_s", "energy_mj", "power_w",
                                   "clock_mhz", "bound_by", "fidelity"},
                                  [&simulator, l2](const Operator& op) {
                                    return cells(study::kernel_result(simulator, op, l2));
                                  });
}

std::string text(const engine::Statistics& statistics) {
  std::ostringstream out;
  for (const engine::Statistic& one : statistics) {
    out << "  " << one.name << "  " << study::number_text(one.value) << ' ' << one.unit << "  ("
        << one.description << ")\n";
  }
  return out.str();
}

void run_one(const Options& options, study::Simulator& simulator, const L2State& l2) {
  require_one_operator(options.op);
  const Operator op = parse_operator<Operator>(options.op.op, split_assignments(options.op.words));
  const KernelResult result = study::kernel_result(simulator, op, l2);
  if (!options.trace.empty()) {
    simulator.trace(op, l2, result.clock_mhz() * 1e6, options.trace);
  }
  const std::string statistics = options.statistics && !options.common.json
                                     ? text(simulator.statistics(op, l2, result.clock_mhz() * 1e6))
                                     : "";
  print_result(options.common.json ? to_json(result) + "\n" : text(result) + statistics);
}

void run(const Options& options) {
  config::Catalog catalog = open_catalog(options.common);
  const ChipSubject subject = chip_subject(catalog, options.chip, options.software);
  catalog.require_all_settings_used();
  kernels::Store store = open_store(options.common);
  study::Simulator simulator("chip", subject.chip, subject.software, fidelity(options.common),
                             store);
  const L2State l2 = l2_state(options.l2);
  if (!options.op.batch.empty()) {
    run_batch_command(batch_spec(simulator, l2), options.op);
  } else {
    run_one(options, simulator, l2);
  }
  report_store(store);
}

}  // namespace

void add_kernel(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("kernel", "Time, energy and bound of one operator on one chip");
  const auto options = std::make_shared<Options>();
  command->add_option("--chip", options->chip, "Chip (reticle list chips)")->required();
  command->add_option("--software", options->software,
                      "Software stack; the chip names its default");
  command
      ->add_option("--l2", options->l2,
                   "L2 at the start: bench (operands rotated), cold or flushed (by writing)")
      ->capture_default_str();
  command->add_option("--trace", options->trace,
                      "Record every instruction of every core to this .rtrace");
  command->add_flag("--statistics", options->statistics, "Print the statistics of every component");
  add_operator_options(*command, options->op);
  add_common(*command, options->common);
  command->callback([options] { run(*options); });
}

}  // namespace reticle::cli
