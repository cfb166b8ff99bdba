// SIGINT and SIGTERM: status 130 and 143, and what is finished is kept.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

#include "schema/csv.h"
#include "tests/cli/study.h"

namespace reticle::test {
namespace {

namespace fs = std::filesystem;

// Waits for something the program does; fails after a minute.
void await(const std::function<bool()>& happened) {
  for (int i = 0; i < 6000; ++i) {
    if (happened()) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL("the program did not get there");
}

}  // namespace

TEST_CASE("an interrupted batch keeps its finished rows") {
  const auto [number, status] = GENERATE(std::make_pair(SIGINT, 130), std::make_pair(SIGTERM, 143));
  constexpr std::size_t kRows = 100000;
  const Workspace workspace;
  std::string csv = "m,n\n";
  for (std::size_t i = 0; i < kRows; ++i) {
    csv += std::to_string(i + 1) + ",7168\n";
  }
  const fs::path out = workspace / "out.csv";
  Program program(workspace, {"kernel", "--chip", "h800-sxm", "--op", "rmsnorm", "--no-store",
                              "--batch", workspace.file("in.csv", csv), "--out", out.string()});
  const fs::path part = out.string() + ".part";
  await([&] {
    const std::string text = read_file(part);
    return std::count(text.begin(), text.end(), '\n') > 2;
  });
  program.signal(number);
  const Outcome outcome = program.wait();
  CHECK(outcome.status == status);
  CHECK(outcome.err == "reticle: interrupted; what was finished is kept\n");
  CHECK_FALSE(fs::exists(part));
  const std::vector<CsvRow> rows = read_csv(out);
  REQUIRE(rows.size() > 2);
  CHECK(rows.size() < kRows);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    REQUIRE(rows[i][0] == std::to_string(i));
    REQUIRE_FALSE(rows[i][2].empty());
  }
}

TEST_CASE("an interrupted run leaves no half result, and its kernels serve the next") {
  const Workspace workspace;
  const fs::path out = workspace / "out";
  Program program(workspace, {"run", shipped_study(), "--out", out.string()});
  await([&] { return fs::exists(workspace.store()); });  // the first kernel is there
  program.signal(SIGINT);
  const Outcome outcome = program.wait();
  CHECK(outcome.status == 130);
  CHECK(outcome.err == "reticle: interrupted; what was finished is kept\n");
  CHECK(outcome.out.empty());
  CHECK(fs::is_empty(out));
  CHECK_FALSE(fs::is_empty(workspace.store()));
  CHECK(run(workspace, {"run", shipped_study(), "--out", out.string()}).status == 0);
}

}  // namespace reticle::test
