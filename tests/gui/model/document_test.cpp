#include "gui/model/document.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "gui/model/flow_index.h"
#include "gui/model/search.h"
#include "gui/model/slice_args.h"
#include "schema/errors.h"
#include "tests/gui/model/sample_traces.h"

namespace reticle::gui {
namespace {

using test::Folder;

TEST_CASE("a document has its rows once loaded") {
  const Folder directory;
  test::write_two_streams(directory / "two.rtrace");
  Document document(directory / "two.rtrace");
  CHECK(document.whole() == TimeRange{0, 1'000'000});
  document.wait();
  REQUIRE(document.loaded());
  CHECK(document.progress() == 1);
  const TraceData& data = document.data();
  CHECK(data.warnings.empty());
  REQUIRE(data.lanes.size() == 3);
  CHECK(data.lanes[0].size() == 2);
  CHECK(data.lanes[0].start_ps(1) == 600'000);
  CHECK(data.lanes[1].size() == 2);
  CHECK(data.lanes[2].busy_ps(document.whole()) == 300'000);
  CHECK(data.series[0].extent(document.whole()).mean == Approx(200));
  CHECK(track_path(document.summary(), document.lanes().track(2)) == "rank 0/comm");
}

TEST_CASE("a slice has its arguments") {
  const Folder directory;
  test::write_two_streams(directory / "two.rtrace");
  Document document(directory / "two.rtrace");
  document.wait();
  const auto arguments = slice_arguments(document.contents(), {0, 0});
  REQUIRE(arguments.size() == 1);
  CHECK(arguments[0] == std::pair<std::string, std::string>{"flops", "1000000"});
  CHECK(slice_arguments(document.contents(), {0, 1}).empty());
}

TEST_CASE("flows are found from both of their ends") {
  const Folder directory;
  test::write_two_streams(directory / "two.rtrace");
  Document document(directory / "two.rtrace");
  document.wait();
  const FlowIndex& flows = document.flows();
  const SliceKey gemm{0, 0};
  const SliceKey dispatch{2, 0};
  const SliceKey second{0, 1};
  REQUIRE(flows.from(gemm).size() == 1);
  CHECK(flows.from(gemm)[0].to == dispatch);
  REQUIRE(flows.to(dispatch).size() == 1);
  CHECK(flows.to(dispatch)[0].from == gemm);
  REQUIRE(flows.from(dispatch).size() == 1);
  CHECK(flows.from(dispatch)[0].to == second);
  CHECK(flows.to(gemm).empty());
  CHECK(flows.from(second).empty());
  CHECK(flows.dangling() == 0);
}

TEST_CASE("search finds parts of names in order of time, whatever their case") {
  const Folder directory;
  test::write_two_streams(directory / "two.rtrace");
  Document document(directory / "two.rtrace");
  document.wait();
  const Search found(document.contents(), Query("GEM"));
  CHECK(found.count() == 2);
  REQUIRE(found.hits().size() == 2);
  CHECK(found.hits()[0] == SliceKey{0, 0});
  CHECK(found.hits()[1] == SliceKey{0, 1});
  CHECK(Search(document.contents(), Query("gemm!")).count() == 0);
  CHECK(Search(document.contents(), Query("")).count() == 0);
}

TEST_CASE("a file cut short is shown as far as it goes, and says so") {
  const Folder directory;
  const auto path = directory / "dense.rtrace";
  test::write_dense(path, 200'000);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  Document document(path);
  document.wait();
  CHECK(document.data().warnings.size() == 1);
  CHECK(document.data().lanes.at(0).size() > 0);
  CHECK(document.data().lanes.at(0).size() < 200'000);
}

// The loader waits when 8 chunks have not been taken, so it cannot be done here.
TEST_CASE("a cancelled load keeps what was read and says so") {
  const Folder directory;
  const auto path = directory / "dense.rtrace";
  test::write_dense(path, 20'000, 100);
  Document document(path);
  while (document.data().lanes[0].size() == 0) {
    document.take(std::chrono::milliseconds(0));
  }
  CHECK(document.progress() < 1);
  document.cancel();
  document.wait();
  const TraceData& data = document.data();
  REQUIRE(data.warnings.size() == 1);
  CHECK(data.warnings[0] == "loading was cancelled; what was read until then is shown");
  CHECK(data.lanes[0].size() >= 100);
  CHECK(data.lanes[0].size() <= 1'200);
}

TEST_CASE("what has been taken can be drawn before the rest is read") {
  const Folder directory;
  const auto path = directory / "dense.rtrace";
  test::write_dense(path, 20'000, 100);
  Document document(path);
  while (document.data().lanes[0].size() == 0) {
    document.take(std::chrono::milliseconds(0));
  }
  const Lane& lane = document.data().lanes[0];
  CHECK_FALSE(document.loaded());
  const std::size_t first = lane.size();
  CHECK(lane.busy_ps({0, 4'000'000'000}) == static_cast<std::int64_t>(first) * 3000);
  document.wait();
  CHECK(lane.size() == 20'000);
  CHECK(lane.busy_ps({0, 4'000'000'000}) == 60'000'000);
}

TEST_CASE("a trace of nothing has a range and no lanes") {
  const Folder directory;
  test::write_empty(directory / "empty.rtrace");
  Document document(directory / "empty.rtrace");
  document.wait();
  CHECK(document.whole() == TimeRange{0, 1});
  CHECK(document.data().lanes.empty());
}

TEST_CASE("a file that is not there is an error at once") {
  CHECK_THROWS_AS(Document("/nowhere.rtrace"), UsageError);
}

}  // namespace
}  // namespace reticle::gui
