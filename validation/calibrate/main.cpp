// Beside a measured table: every row, or (with --fit) the free physical parameters that explain it.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <limits>
#include <systemc>

#include "models/kernels/work.h"
#include "schema/errors.h"
#include "validation/calibrate/evaluate.h"
#include "validation/calibrate/fit.h"
#include "validation/calibrate/parameter.h"

// Debian's SystemC library holds a main that calls sc_main; ours comes first.
int sc_main(int, char**) { return 0; }

namespace {

using namespace reticle;
using validation::Measured;
using validation::Parameter;

constexpr const char* kSoftware = "software.";

struct Options {
  std::string table;
  std::string op = "gemm";
  std::string chip = "h100-sxm";
  std::size_t rows = 100;
  double most_us = std::numeric_limits<double>::infinity();
  double most_tflops = std::numeric_limits<double>::infinity();
  std::vector<std::string> where;
  std::vector<std::string> set;
  std::vector<std::string> fit;
};

struct Machine {
  config::Loaded<Chip> chip;
  config::Loaded<Software> software;
};

Machine load(const Options& options) {
  std::vector<config::Setting> settings;
  for (const std::string& text : options.set) {
    settings.push_back(config::parse_setting(text));
  }
  config::Catalog catalog(RETICLE_CONFIGS, settings);
  catalog.set_subject("chip", options.chip);
  Machine machine;
  machine.chip = catalog.chip(options.chip);
  catalog.set_subject("software", machine.chip.message.software());
  machine.software = catalog.software(machine.chip.message.software());
  catalog.require_all_settings_used();
  return machine;
}

std::vector<Measured> rows_of(const Options& options) {
  std::map<std::string, std::string> filter;
  for (const std::string& text : options.where) {
    const config::Setting column = config::parse_setting(text);
    filter[column.path] = column.value;
  }
  std::vector<Measured> rows = validation::measured_rows(options.table, options.op, filter);
  rows.erase(std::remove_if(rows.begin(), rows.end(),
                            [&](const Measured& row) {
                              const double operations =
                                  kernels::kernels_of(row.op).back().operations;
                              return row.us > options.most_us ||
                                     operations > options.most_tflops * row.us * 1e6;
                            }),
             rows.end());
  return validation::sample(rows, options.rows);
}

void print(const std::string& name, const validation::Residual& residual) {
  std::printf("%-22s rows %4zu  median %5.1f %%  P90 %5.1f %%  bias %+5.1f %%\n", name.c_str(),
              residual.rows, 100 * residual.median, 100 * residual.p90, 100 * residual.bias);
}

double busy_us(const DemandVector& demand, Resource resource) {
  for (const ResourceUse& use : demand.use()) {
    if (use.resource() == resource) {
      return static_cast<double>(use.busy_ps()) * 1e-6;
    }
  }
  return 0;
}

void print_rows(const Machine& machine, const std::vector<Measured>& rows) {
  std::printf("shape|measured us|simulated us|error %%|kernel|tensor|smem|l2|hbm|variant\n");
  const auto demands = validation::simulate(machine.chip.message, machine.software.message, rows);
  std::vector<double> errors;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const DemandVector& demand = demands[i];
    if (demand.kernels() == 0) {
      std::printf("%s|%.3f|refused\n", kernels::shape_text(rows[i].op).c_str(), rows[i].us);
      continue;
    }
    const double us = validation::microseconds(demand, machine.software.message);
    errors.push_back(std::log(us / rows[i].us));
    std::printf(
        "%s|%.3f|%.3f|%.1f|%.2f|%.2f|%.2f|%.2f|%.2f|%s\n", kernels::shape_text(rows[i].op).c_str(),
        rows[i].us, us, 100 * (us / rows[i].us - 1), static_cast<double>(demand.time_ps()) * 1e-6,
        busy_us(demand, RESOURCE_TENSOR), busy_us(demand, RESOURCE_SMEM),
        busy_us(demand, RESOURCE_L2), busy_us(demand, RESOURCE_HBM), demand.variant().c_str());
  }
  print("all", validation::residual(errors));
}

Machine with(Machine machine, const std::vector<Parameter>& parameters,
             const std::vector<double>& values) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].of_software) {
      validation::set_number(machine.software.message, parameters[i].path, values[i]);
    } else {
      validation::set_number(machine.chip.message, parameters[i].path, values[i]);
    }
  }
  return machine;
}

void fit(const Machine& machine, const Options& options, const std::vector<Measured>& rows) {
  std::vector<Parameter> parameters;
  for (const std::string& path : options.fit) {
    const bool of_software = path.rfind(kSoftware, 0) == 0;
    parameters.push_back(
        of_software ? validation::parameter(machine.software.provenance,
                                            path.substr(std::string(kSoftware).size()), true)
                    : validation::parameter(machine.chip.provenance, path, false));
  }
  const auto [fitted_on, judged_by] = validation::split_by_family(rows);
  const auto judge = [&](const Machine& tried, const std::vector<Measured>& part) {
    return validation::residual(
        validation::log_errors(tried.chip.message, tried.software.message, part));
  };
  const auto values = validation::fit(
      parameters,
      [&, &on = fitted_on](const std::vector<double>& tried) {
        return judge(with(machine, parameters, tried), on).mean_log;
      },
      1);
  std::printf("parameter | config | fitted | range | source\n");
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& p = parameters[i];
    std::printf("%s | %.4g | %.4g%s | %.4g to %.4g %s | %s\n", options.fit[i].c_str(), p.value,
                values[i], validation::at_edge(p, values[i]) ? " (at the edge)" : "", p.low, p.high,
                p.unit.c_str(), p.source.c_str());
  }
  const Machine fitted = with(machine, parameters, values);
  print("fitted on, config", judge(machine, fitted_on));
  print("fitted on, fitted", judge(fitted, fitted_on));
  print("held out, config", judge(machine, judged_by));
  print("held out, fitted", judge(fitted, judged_by));
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app("Measured kernels beside simulated ones, and a fit of free physical parameters");
  app.add_option("table", options.table, "CSV of measured kernels")->required();
  app.add_option("--op", options.op, "Operator of its rows")->capture_default_str();
  app.add_option("--chip", options.chip, "Chip")->capture_default_str();
  app.add_option("--rows", options.rows, "How many rows, drawn at random")->capture_default_str();
  app.add_option("--most-us", options.most_us, "Only rows measured up to this");
  app.add_option("--most-tflops", options.most_tflops,
                 "Only rows up to this rate: where the power cap does not hold the clock");
  app.add_option("--where", options.where, "COLUMN=VALUE")->allow_extra_args(false);
  app.add_option("--set", options.set, "PATH=VALUE")->allow_extra_args(false);
  app.add_option("--fit", options.fit,
                 "Parameter of the chip (tensor_gpu.barrier) or software "
                 "(software.launch.kernel_prologue)")
      ->allow_extra_args(false);
  CLI11_PARSE(app, argc, argv);
  const Machine machine = load(options);
  const std::vector<Measured> rows = rows_of(options);
  if (options.fit.empty()) {
    print_rows(machine, rows);
  } else {
    fit(machine, options, rows);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.exit_status();
  }
}
