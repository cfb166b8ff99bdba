// Status 5: what cannot be written; and whose results a folder may hold.
#include <catch2/catch.hpp>

#include "tests/cli/study.h"

namespace reticle::test {
namespace {

namespace fs = std::filesystem;

constexpr int kUsage = 2;
constexpr int kUnfinished = 5;

Outcome run_into(const Workspace& workspace, const fs::path& out,
                 const std::vector<std::string>& more = {}) {
  std::vector<std::string> typed = {"run", shipped_study(), "--out", out.string()};
  typed.insert(typed.end(), more.begin(), more.end());
  return run(workspace, typed);
}

}  // namespace

TEST_CASE("a full disk under standard output is an error") {
  const Workspace workspace;
  const std::string message =
      "reticle: standard output: cannot be written (is the disk full, the pipe closed?)\n";
  for (const std::vector<std::string>& typed : std::vector<std::vector<std::string>>{
           {"kernel", "--chip", "h800-sxm", "--op", "rmsnorm", "m=8", "n=64", "--json"},
           {"collective", "--system", "hgx-h800", "--op", "all_reduce", "ranks=8", "bytes=1024",
            "--json"},
           {"list", "chips", "--json"},
           {"docs", "config"}}) {
    const Outcome outcome = run(workspace, typed, "/dev/full");
    INFO(typed.front());
    CHECK(outcome.status == kUnfinished);
    CHECK(outcome.err == message);
  }
}

TEST_CASE("a file where the output folder should be, and folders that cannot be made") {
  const Workspace workspace;
  const std::string file = workspace.file("file", "mine");
  const Outcome at_file = run_into(workspace, file);
  CHECK(at_file.status == kUnfinished);
  CHECK(at_file.err ==
        "reticle: " + file +
            ": is a file where the output folder should be (move it, or name another "
            "with --out)\n");
  CHECK(read_file(file) == "mine");
  const Outcome under_file = run_into(workspace, file + "/below");
  CHECK(under_file.status == kUnfinished);
  CHECK(under_file.err == "reticle: " + file + "/below: cannot be made: Not a directory\n");
  CHECK(run_into(workspace, "/proc/reticle").status == kUnfinished);
  CHECK_FALSE(fs::exists(workspace.store()));  // found out before anything was simulated
}

TEST_CASE("a batch finds out at once that its output cannot be written") {
  const Workspace workspace;
  const std::string in = workspace.file("in.csv", "m,n\n8,64\n");
  const auto into = [&](const std::string& out) {
    return run(workspace,
               {"kernel", "--chip", "h800-sxm", "--op", "rmsnorm", "--batch", in, "--out", out});
  };
  const Outcome full = into("/dev/full");
  CHECK(full.status == kUnfinished);
  CHECK(full.err == "reticle: cannot write /dev/full: No space left on device\n");
  const std::string nowhere = (workspace / "no/where.csv").string();
  const Outcome missing = into(nowhere);
  CHECK(missing.status == kUnfinished);
  CHECK(missing.err == "reticle: cannot write " + nowhere + ": No such file or directory\n");
  CHECK(into((workspace / "").string()).status == kUnfinished);
  CHECK_FALSE(fs::exists(workspace.store()));
}

TEST_CASE("a folder with another study's result is kept unless --force") {
  const Workspace workspace(Store::kShared);
  for (const auto& [text, owner] :
       std::vector<std::pair<std::string, std::string>>{{"{\"study\": \"other\"}", "study other"},
                                                        {"{\"study\": 3}", "something else"},
                                                        {"no json", "something else"}}) {
    const std::string result = workspace.file("theirs/result.json", text);
    const Outcome outcome = run_into(workspace, workspace / "theirs");
    CHECK(outcome.status == kUsage);
    CHECK(outcome.err == "reticle: " + (workspace / "theirs").string() + ": holds the result of " +
                             owner +
                             " (name another folder with --out, or overwrite it with --force)\n");
    CHECK(read_file(result) == text);
  }
  REQUIRE(run_into(workspace, workspace / "theirs", {"--force"}).status == 0);
  const auto written = nlohmann::json::parse(read_file(workspace / "theirs/result.json"));
  CHECK(written.at("study") == "910c-vs-h800-decode");
  CHECK(run_into(workspace, workspace / "theirs").status == 0);  // its own now
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(workspace / "theirs")) {
    CHECK(entry.path().extension() != ".part");
  }
}

TEST_CASE("a trace that cannot be written leaves the earlier result as it was") {
  const Workspace workspace(Store::kShared);
  const std::string result =
      workspace.file("out/result.json", "{\"study\": \"910c-vs-h800-decode\"}");
  workspace.file("out/h800", "a file in the way");
  const Outcome outcome = run_into(workspace, workspace / "out");
  CHECK(outcome.status == kUnfinished);
  CHECK_THAT(outcome.err, Catch::Contains("is a file where the output folder should be"));
  CHECK(read_file(result) == "{\"study\": \"910c-vs-h800-decode\"}");
}

}  // namespace reticle::test
