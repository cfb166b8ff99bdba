#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <deque>
#include <map>
#include <tuple>

#include "models/kernels/work.h"
#include "models/systems/machine.h"
#include "schema/config/assign.h"
#include "schema/config/catalog.h"
#include "schema/csv.h"
#include "schema/errors.h"
#include "study/kernel/collective_study.h"
#include "study/kernel/kernel_study.h"

using namespace reticle;

namespace {

// One published row: cells by the name of the column.
struct Row {
  Row(const CsvRow& header, const CsvRow& line) {
    for (std::size_t i = 0; i < header.size(); ++i) {
      cells[header[i]] = line[i];
    }
    id = cells.at("id");
    subject = cells.at("subject");
    clock_ghz = cells.at("clock_ghz");
    software = cells.at("software");
    whole_task = cells.at("launch") == "graph";
    cores = std::stoll(cells.at("cores"));
    op = cells.at("op");
    metric = cells.at("metric");
    measured = std::stod(cells.at("measured"));
  }

  std::map<std::string, std::string> cells;
  std::string id;
  std::string subject;
  std::string clock_ghz;
  std::string software;
  bool whole_task;  // the gap before a kernel is in the figure; else its scalar start only
  std::int64_t cores;
  std::string op;
  std::string metric;
  double measured;
};

std::vector<Row> published() {
  const std::vector<CsvRow> lines = read_csv(std::filesystem::path(RETICLE_SOURCE_DIR) /
                                             "validation" / "measured" / "ascend" / "rows.csv");
  std::vector<Row> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    rows.emplace_back(lines[0], lines[i]);
  }
  return rows;
}

template <class Holder>
Holder operator_of(const Row& row) {
  Holder op;
  google::protobuf::Message& message = config::select_op(op, row.op);
  std::vector<config::Assignment> values;
  for (const std::string& key : config::keys(*message.GetDescriptor())) {
    const auto cell = row.cells.find(key);
    if (cell != row.cells.end() && !cell->second.empty()) {
      values.emplace_back(key, cell->second);
    }
  }
  config::assign(message, values);
  return op;
}

template <class Holder>
std::string shape(const Row& row) {
  return kernels::shape_text(operator_of<Holder>(row));
}

class Subjects {
 public:
  Subjects() : catalog_(std::string(RETICLE_SOURCE_DIR) + "/configs") {}

  // All of them before the first run.
  void add(const Row& row) {
    Simulator*& known = by_row_[key(row)];
    if (known != nullptr) {
      return;
    }
    if (row.clock_ghz.empty()) {
      system_ = catalog_.system(row.subject).message;
    }
    Chip chip = catalog_.chip(row.clock_ghz.empty() ? system_.rank_chip() : row.subject).message;
    if (!row.clock_ghz.empty()) {
      chip.set_clock(std::stod(row.clock_ghz) * 1e9);
    }
    simulators_.emplace_back("chip" + std::to_string(simulators_.size()), chip,
                             catalog_.software(row.software).message, FIDELITY_CYCLE, store_);
    known = &simulators_.back();
  }

  double predicted(const Row& row) {
    Simulator& simulator = *by_row_.at(key(row));
    if (row.clock_ghz.empty()) {
      const Chip package = catalog_.chip(system_.chip()).message;
      return study::collective_result(system_, systems::ranks_per_package(package), simulator,
                                      operator_of<CollectiveOperator>(row))
          .time_us();
    }
    Cores cores;
    cores.set_matrix(row.cores);
    cores.set_vector(2 * row.cores);
    L2State l2;
    l2.set_start(L2_START_BENCH);
    const DemandVector demand = simulator.demand(operator_of<Operator>(row), cores, l2);
    const Software& software = simulator.software();
    const double before =
        row.whole_task
            ? static_cast<double>(study::launch_ps(software, demand.kernels(), row.cores)) * 1e-12
            : software.launch().kernel_prologue() * demand.kernels();
    const double seconds = static_cast<double>(demand.time_ps()) * 1e-12 + before;
    if (row.metric == "time_us") {
      return seconds * 1e6;
    }
    if (row.metric == "tflops") {
      return demand.operations() / seconds * 1e-12;
    }
    for (const ResourceUse& use : demand.use()) {
      if (use.resource() == RESOURCE_HBM) {
        return use.amount() / seconds * 1e-9;
      }
    }
    return 0;
  }

 private:
  using Simulator = study::Simulator;
  static std::tuple<std::string, std::string, std::string> key(const Row& row) {
    return {row.subject, row.clock_ghz, row.software};
  }

  config::Catalog catalog_;
  kernels::Store store_{std::filesystem::path()};
  System system_;
  std::deque<Simulator> simulators_;
  std::map<std::tuple<std::string, std::string, std::string>, Simulator*> by_row_;
};

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
}

}  // namespace

// The table of docs/davinci.md.
TEST_CASE("published Ascend rows against the model", "[.report]") {
  const std::vector<Row> rows = published();
  Subjects subjects;
  for (const Row& row : rows) {
    subjects.add(row);
  }
  std::vector<double> errors;
  for (const Row& row : rows) {
    const double predicted = subjects.predicted(row);
    const double error = predicted / row.measured - 1;
    errors.push_back(std::fabs(error));
    const std::string text =
        row.clock_ghz.empty() ? shape<CollectiveOperator>(row) : shape<Operator>(row);
    std::printf("| %s | %s | %s %s | %s %.4g | %.4g | %+.0f %% |\n", row.id.c_str(),
                row.cells.at("grade").c_str(), row.op.c_str(), text.c_str(), row.metric.c_str(),
                row.measured, predicted, 100 * error);
  }
  std::printf("%zu rows: median %.1f %%, P90 %.1f %%\n", errors.size(), 100 * quantile(errors, 0.5),
              100 * quantile(errors, 0.9));
  CHECK(errors.size() == rows.size());
}

// From outside: CloudMatrix384 (arXiv 2506.12708) 116 and 118 us, sgl-kernel-npu 132 to 139 us.
TEST_CASE("dispatch and combine of CloudMatrix384 as published") {
  Subjects subjects;
  std::vector<Row> rows = published();
  rows.erase(std::remove_if(rows.begin(), rows.end(),
                            [](const Row& row) { return row.subject != "cloudmatrix384"; }),
             rows.end());
  REQUIRE(rows.size() == 6);
  for (const Row& row : rows) {
    subjects.add(row);
    const double share = subjects.predicted(row) / row.measured;
    INFO(row.id);
    CHECK(share == Approx(1).epsilon(0.2));
  }
}
