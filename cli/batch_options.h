#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "study/kernel/batch.h"

namespace reticle::cli {

// What `kernel` and `collective` take: one operator as --op and key=value, or --batch IN --out OUT.
struct OperatorOptions {
  std::string op;
  std::vector<std::string> words;
  std::string batch;
  std::string out;
};

void add_operator_options(CLI::App& command, OperatorOptions& options);

// UsageError without --op, or with an --out that only a batch has.
void require_one_operator(const OperatorOptions& options);

// Runs the batch with progress; throws InputError (exit 4) if rows failed, Interrupted if stopped.
void run_batch_command(const study::BatchSpec& spec, const OperatorOptions& options);

}  // namespace reticle::cli
