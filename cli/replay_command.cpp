#include "cli/replay_command.h"

#include <chrono>
#include <memory>
#include <optional>

#include "cli/context.h"
#include "cli/subject.h"
#include "models/systems/machine.h"
#include "schema/errors.h"
#include "study/kernel/kernel_study.h"
#include "study/profile/recorded_chip.h"
#include "study/replay/system_replay.h"
#include "study/retarget/recorded_stack.h"
#include "study/retarget/retarget.h"
#include "study/trace/profile_replay.h"
#include "study/trace/read_recording.h"
#include "study/trace/recording_files.h"
#include "study/trace/trace_kind.h"
#include "workloads/llm/huggingface.h"

namespace reticle::cli {

namespace {

struct Options {
  Common common;
  std::string in;
  std::string system;
  std::string software;
  std::string model;
  std::string trace;
  bool simulate = false;
  std::size_t kernels = 0;
};

template <class Result>
void print(const Result& result, bool json) {
  print_result(json ? study::to_json(result).dump(2) + "\n" : study::to_text(result));
}

void retarget(const Options& options, const traces::Recording& recording) {
  config::Catalog catalog = open_catalog(options.common);
  const std::optional<Chip> source = study::recorded_chip(catalog, recording.device);
  const std::string software =
      options.software.empty()
          ? study::recorded_stack(catalog, recording, source ? &*source : nullptr, options.system)
          : options.software;
  const SystemSubject subject = system_subject(catalog, options.system, software);
  const Model model = read_model(catalog, options.model);
  const study::CostSubject machine = study::load_subject(catalog, {options.system, "", "", {}});
  catalog.require_all_settings_used();
  kernels::Store store = open_store(options.common);
  study::Simulator simulator("chip", subject.rank.chip, subject.rank.software,
                             fidelity(options.common), store);
  study::Retargeted result =
      study::retarget(recording, model, subject.system, subject.ranks_per_package, simulator,
                      source ? &*source : nullptr);
  study::add_cost(machine, subject.ranks_per_package, result);
  if (!options.trace.empty()) {
    study::write_rtrace(result.simulated, options.trace);
  }
  result.software = subject.rank.software.name();
  print_result(options.common.json ? study::to_json(result).dump(2) + "\n"
                                   : study::to_text(result, options.kernels));
  report_store(store);
}

void replay_ranks(const Options& options) {
  if (options.system.empty()) {
    throw UsageError("give --system SYSTEM (reticle list systems): a trace of ranks is run on one");
  }
  const auto begin = std::chrono::steady_clock::now();
  config::Catalog catalog = open_catalog(options.common);
  catalog.set_subject("systems", options.system);
  const System system = catalog.system(options.system).message;
  const Chip package = catalog.chip(system.chip()).message;
  catalog.require_all_settings_used();
  const study::SystemReplay result =
      study::replay_on(system, systems::ranks_per_package(package), options.in, options.trace);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  const study::ProcessCost cost = study::process_cost(wall.count());
  print_result(options.common.json ? to_json(result, cost).dump(2) + "\n" : to_text(result, cost));
}

void replay(const Options& options) {
  const study::TraceKind kind = study::trace_kind(options.in);
  if (kind == study::TraceKind::kChakra) {
    return replay_ranks(options);
  }
  const traces::Recording recording = study::read_recording(options.in);
  if (!options.simulate) {
    if (!options.trace.empty()) {
      throw UsageError("--trace needs --simulate: as recorded, a profile is its own trace");
    }
    if (!options.system.empty()) {
      throw UsageError("--system needs --simulate: as recorded, a profile keeps its times");
    }
    return print(study::replay_profile(recording), options.common.json);
  }
  if (options.system.empty()) {
    throw UsageError("--simulate needs --system (reticle list systems)");
  }
  retarget(options, recording);
}

}  // namespace

Model read_model(const config::Catalog& catalog, const std::string& name) {
  return name.empty() ? Model() : llm::to_model(catalog.model(name), name);
}

void add_replay(CLI::App& trace) {
  CLI::App* command = trace.add_subcommand("replay", "Run a recorded trace again");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("file", options->in,
                   "Chrome/Kineto JSON, Perfetto, .rtrace, or a directory of Chakra .et files")
      ->required();
  command->add_flag("--simulate", options->simulate,
                    "Simulate the kernels on --system instead of keeping their times");
  command->add_option("--system", options->system, "System (reticle list systems)");
  command->add_option("--trace", options->trace,
                      "Write the simulated run as .rtrace (reticle-view FILE OUT compares them)");
  command->add_option("--model", options->model, "Model whose widths grids do not tell");
  command->add_option(
      "--software", options->software,
      "Software stack; by default the recorded one where the chip runs its kernels, "
      "else the chip's");
  command->add_option(
      "--kernels", options->kernels,
      "Print the longest operators and shapes, recorded and simulated (--simulate)");
  add_common(*command, options->common);
  command->callback([options] { replay(*options); });
}

}  // namespace reticle::cli
