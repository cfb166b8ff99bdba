#include "gui/model/causes.h"

#include <catch2/catch.hpp>

#include "gui/model/document.h"
#include "tests/gui/model/sample_traces.h"

namespace reticle::gui {
namespace {

using test::Folder;

TEST_CASE("a gap is waiting until what was waited for ends, and launch from there") {
  const Folder directory;
  test::write_two_ranks(directory / "ranks.rtrace");
  Document document(directory / "ranks.rtrace");
  CHECK(document.causes().path.empty());  // not loaded
  document.wait();
  const auto& gaps = document.causes().gaps;
  REQUIRE(gaps.size() == 4);
  REQUIRE(gaps[0].size() == 2);
  CHECK(gaps[0][0].range == TimeRange{1'000'000, 1'400'000});
  CHECK(gaps[0][0].reason == WaitReason::kCommunication);
  CHECK(*gaps[0][0].holder == SliceKey{1, 0});
  CHECK(gaps[0][1].range == TimeRange{1'400'000, 1'500'000});
  CHECK(gaps[0][1].reason == WaitReason::kLaunch);
  CHECK(gaps[1].empty());
}

TEST_CASE("the critical path leads from the last end back to what each one waited for") {
  const Folder directory;
  test::write_two_ranks(directory / "ranks.rtrace");
  Document document(directory / "ranks.rtrace");
  document.wait();
  const auto& path = document.causes().path;  // of rank 1, which ends at 2.5 us
  REQUIRE(path.size() == 2);
  CHECK(path[0].slice == SliceKey{3, 0});  // dispatch: it has no flow before it
  CHECK(path[0].range == TimeRange{1'500'000, 1'600'000});
  CHECK(path[1].slice == SliceKey{2, 1});
  CHECK(path[1].range == TimeRange{2'000'000, 2'500'000});
  const auto totals = bound_totals(document.bound(), document.whole());
  REQUIRE(totals.size() == 3);
  CHECK(totals[0] == std::pair<std::string, std::int64_t>{"hbm", 500'000});
  CHECK(totals[1] == std::pair<std::string, std::int64_t>{"launch", 400'000});
  CHECK(totals[2] == std::pair<std::string, std::int64_t>{"link", 100'000});
  CHECK(bound_totals(document.bound(), {2'400'000, 2'500'000}).size() == 1);
}

TEST_CASE("a trace that says nothing of waiting has no causes") {
  const Folder directory;
  test::write_dense(directory / "dense.rtrace", 100);
  Document document(directory / "dense.rtrace");
  document.wait();
  CHECK(document.causes().gaps.empty());
  CHECK(document.bound().empty());
}

TEST_CASE("in a profile a stream waits for transfers and for the host") {
  const Folder directory;
  Document document(directory.write("train.json", test::kineto_json()));
  document.wait();
  // Stream 7: gemm 10..30, add 62..67 us after the all-reduce of stream 20, which ends at 60.5.
  const auto& gaps = document.causes().gaps;
  std::vector<Gap> found;
  for (const auto& lane : gaps) {
    found.insert(found.end(), lane.begin(), lane.end());
  }
  REQUIRE(found.size() == 2);
  CHECK(found[0].reason == WaitReason::kCommunication);
  CHECK(document.contents().name(*found[0].holder) == "ncclAllReduce");
  CHECK(found[0].range.length_ps() == 30'500'000);
  CHECK(found[1].reason == WaitReason::kLaunch);
  CHECK(found[1].range.length_ps() == 1'500'000);
  std::vector<std::string> path;
  for (const PathPart& part : document.causes().path) {
    path.push_back(document.contents().name(part.slice));
  }
  REQUIRE(path.size() >= 3);
  CHECK(path.back() == "add_kernel");
  CHECK(path[path.size() - 2] == "ncclAllReduce");
}

}  // namespace
}  // namespace reticle::gui
