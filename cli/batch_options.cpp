#include "cli/batch_options.h"

#include "cli/context.h"
#include "cli/interrupt.h"
#include "schema/errors.h"

namespace reticle::cli {

void add_operator_options(CLI::App& command, OperatorOptions& options) {
  command.add_option("--op", options.op, "Operator (reticle list ops)");
  command.add_option("keys", options.words, "key=value ...");
  command.add_option("--batch", options.batch, "CSV with one operator a row");
  command.add_option("--out", options.out, "CSV for the results of --batch");
}

void require_one_operator(const OperatorOptions& options) {
  if (options.op.empty()) {
    throw UsageError("give --op OP (reticle list ops) or --batch IN.csv");
  }
  if (!options.out.empty()) {
    throw UsageError("--out is for --batch (the result of one operator goes to standard output)");
  }
}

void run_batch_command(const study::BatchSpec& spec, const OperatorOptions& options) {
  if (options.out.empty()) {
    throw UsageError("--batch needs --out OUT.csv");
  }
  catch_interrupts();
  const study::BatchOutcome outcome = study::run_batch(
      spec, {options.batch, options.out, options.op, split_assignments(options.words)},
      [](std::size_t done, std::size_t total) {
        show_progress("row " + std::to_string(done) + " of " + std::to_string(total));
      },
      interrupted());
  end_progress();
  if (outcome.interrupted) {
    throw Interrupted{interrupt_signal()};
  }
  if (outcome.failed > 0) {
    throw InputError(std::to_string(outcome.failed) + " of " + std::to_string(outcome.rows) +
                     " rows failed; see column `error` of " + options.out);
  }
}

}  // namespace reticle::cli
