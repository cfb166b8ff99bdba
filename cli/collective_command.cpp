#include <memory>
#include <sstream>

#include "cli/batch_options.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/subject.h"
#include "schema/config/assign.h"
#include "schema/errors.h"
#include "schema/json.h"
#include "study/kernel/collective_study.h"
#include "study/kernel/kernel_study.h"

namespace reticle::cli {

namespace {

struct Options {
  Common common;
  OperatorOptions op;
  std::string system;
  std::string software;
};

std::string text(const CollectiveResult& result) {
  std::ostringstream out;
  out << result.op() << ' ' << result.shape() << " on " << result.system() << '\n'
      << "  time    " << study::number_text(result.time_us()) << " us, bound by "
      << result.bound_by() << '\n'
      << "  algbw   " << study::number_text(result.algbw_gb_per_s()) << " GB/s\n"
      << "  busbw   " << study::number_text(result.busbw_gb_per_s()) << " GB/s\n";
  return out.str();
}

using Evaluate = std::function<CollectiveResult(const CollectiveOperator&)>;

CsvRow cells(const CollectiveResult& result) {
  return {study::number_text(result.time_us()), study::number_text(result.algbw_gb_per_s()),
          study::number_text(result.busbw_gb_per_s()), result.bound_by()};
}

study::BatchSpec batch_spec(const Evaluate& evaluate) {
  return operator_batch<CollectiveOperator>(
      {"time_us", "algbw_gb_per_s", "busbw_gb_per_s", "bound_by"},
      [evaluate](const CollectiveOperator& op) { return cells(evaluate(op)); });
}

void run(const Options& options) {
  config::Catalog catalog = open_catalog(options.common);
  const SystemSubject subject = system_subject(catalog, options.system, options.software);
  catalog.require_all_settings_used();
  kernels::Store store = open_store(options.common);
  study::Simulator simulator("chip", subject.rank.chip, subject.rank.software,
                             fidelity(options.common), store);
  const Evaluate evaluate = [&](const CollectiveOperator& op) {
    return study::collective_result(subject.system, subject.ranks_per_package, simulator, op);
  };
  if (!options.op.batch.empty()) {
    run_batch_command(batch_spec(evaluate), options.op);
  } else {
    require_one_operator(options.op);
    const CollectiveResult result = evaluate(
        parse_operator<CollectiveOperator>(options.op.op, split_assignments(options.op.words)));
    print_result(options.common.json ? to_json(result) + "\n" : text(result));
  }
  report_store(store);
}

}  // namespace

void add_collective(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("collective", "Time and bandwidth of one collective on one system");
  const auto options = std::make_shared<Options>();
  command->add_option("--system", options->system, "System (reticle list systems)")->required();
  command->add_option("--software", options->software,
                      "Software stack; the chip names its default");
  add_operator_options(*command, options->op);
  add_common(*command, options->common);
  command->callback([options] { run(*options); });
}

}  // namespace reticle::cli
