#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "schema/config/assign.h"
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

// An Operator or CollectiveOperator from its name and key=value pairs.
template <class Holder>
Holder parse_operator(const std::string& name, const std::vector<config::Assignment>& values) {
  Holder op;
  config::assign(config::select_op(op, name), values);
  return op;
}

// A batch of them; `cells` gives the values of `outputs` for one.
template <class Holder>
study::BatchSpec operator_batch(std::vector<std::string> outputs,
                                std::function<CsvRow(const Holder&)> cells) {
  study::BatchSpec spec;
  spec.outputs = std::move(outputs);
  spec.ops = config::op_names(*Holder::descriptor());
  spec.keys = [](const std::string& op) {
    Holder any;
    return config::keys(*config::select_op(any, op).GetDescriptor());
  };
  spec.run = [cells](const std::string& op, const std::vector<config::Assignment>& values) {
    return cells(parse_operator<Holder>(op, values));
  };
  return spec;
}

// Runs the batch with progress; throws InputError (exit 4) if rows failed, Interrupted if stopped.
void run_batch_command(const study::BatchSpec& spec, const OperatorOptions& options);

}  // namespace reticle::cli
