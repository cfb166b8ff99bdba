#include "study/kernel/batch.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "schema/errors.h"
#include "tests/support/folder.h"

namespace reticle::study {
namespace {

namespace fs = std::filesystem;

// Two operators without a simulator behind them: the batch's rules alone.
class Bench {
 public:
  Bench() {
    spec_.outputs = {"time_us", "bound_by"};
    spec_.ops = {"add", "scale"};
    spec_.keys = [](const std::string& op) {
      return op == "add" ? std::vector<std::string>{"a", "b"} : std::vector<std::string>{"a", "by"};
    };
    spec_.run = [this](const std::string& op, const std::vector<config::Assignment>& values) {
      std::string seen = op;
      for (const auto& [key, value] : values) {
        seen += " " + key + "=" + value;
        if (value == "bad") {
          throw UsageError("a is bad, \"really\"");
        }
        if (value == "crash") {
          throw std::logic_error("out of order");
        }
      }
      seen_.push_back(seen);
      return CsvRow{std::to_string(seen_.size()), "hbm"};
    };
  }

  BatchOutcome run(const std::string& csv, const std::string& op = "",
                   const std::vector<config::Assignment>& values = {}) {
    folder_.write("in.csv", csv);
    return run_batch(
        spec_, {folder_ / "in.csv", folder_ / "out.csv", op, values},
        [this](std::size_t done, std::size_t) { stop_ = done == stop_after_; }, stop_);
  }

  std::string out() const { return test::bytes_of(folder_ / "out.csv"); }
  const std::vector<std::string>& seen() const { return seen_; }
  void stop_after(std::size_t rows) { stop_after_ = rows; }
  bool clean() const { return !fs::exists(folder_ / "out.csv.part"); }

 private:
  test::Folder folder_;
  BatchSpec spec_;
  std::vector<std::string> seen_;
  std::size_t stop_after_ = 0;
  std::atomic<bool> stop_{false};
};

}  // namespace

TEST_CASE(
    "an operator gets its own keys, in the order of the schema, from the row or the command") {
  Bench bench;
  const BatchOutcome outcome =
      bench.run("b,op,a,by\n2,add,1,9\n2,scale,,9\n,,3,\n", "add", {{"a", "7"}, {"b", "8"}});
  CHECK(outcome.rows == 3);
  CHECK(outcome.failed == 0);
  CHECK(bench.seen() == std::vector<std::string>{"add a=1 b=2", "scale a=7 by=9", "add a=3 b=8"});
  CHECK(bench.out() ==
        "b,op,a,by,time_us,bound_by,error\n2,add,1,9,1,hbm,\n2,scale,,9,2,hbm,\n,,3,,3,hbm,\n");
}

TEST_CASE("a failed row is empty but for its message, quoted where CSV needs it") {
  Bench bench;
  const BatchOutcome outcome = bench.run("a,b\n1,2\nbad,2\n3,4\n", "add");
  CHECK(outcome.rows == 3);
  CHECK(outcome.failed == 1);
  CHECK(
      bench.out() ==
      "a,b,time_us,bound_by,error\n1,2,1,hbm,\nbad,2,,,\"a is bad, \"\"really\"\"\"\n3,4,2,hbm,\n");
}

TEST_CASE("stopped after two rows, the two are there") {
  Bench bench;
  bench.stop_after(2);
  const BatchOutcome outcome = bench.run("a,b\n1,2\n3,4\n5,6\n", "add");
  CHECK(outcome.interrupted);
  CHECK(outcome.rows == 2);
  CHECK(bench.out() == "a,b,time_us,bound_by,error\n1,2,1,hbm,\n3,4,2,hbm,\n");
  CHECK(bench.clean());
}

TEST_CASE("an internal error ends the batch and keeps the rows before it") {
  Bench bench;
  CHECK_THROWS_AS(bench.run("a,b\n1,2\ncrash,4\n5,6\n", "add"), std::logic_error);
  CHECK(bench.out() == "a,b,time_us,bound_by,error\n1,2,1,hbm,\n");
  CHECK(bench.clean());
}

TEST_CASE("figures have nine significant digits") {
  CHECK(number_text(1234567891.0) == "1.23456789e+09");
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(100) == "100");
}

}  // namespace reticle::study
