#include "gui/model/row_layout.h"

#include <catch2/catch.hpp>

#include "tests/gui/model/sample_traces.h"

namespace reticle::gui {
namespace {

struct Opened {
  Opened() {
    test::write_two_streams(directory / "two.rtrace");
    summary = trace::Reader(directory / "two.rtrace").summary();
  }
  test::Folder directory;
  trace::Summary summary;
};

const RowHeights kHeights{20, 10, 50, 5};

TEST_CASE("a group has its counters and then its streams below it") {
  const Opened opened;
  const LaneIndex index(opened.summary);
  const auto rows = row_layout(opened.summary, index, {}, kHeights);
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].kind == RowKind::kGroup);
  CHECK(rows[0].lanes == std::vector<std::size_t>{0, 2});  // outermost lanes of both streams
  CHECK(rows[1].kind == RowKind::kCounter);
  CHECK(rows[2].kind == RowKind::kTrack);
  CHECK(rows[2].lanes == std::vector<std::size_t>{0, 1});
  CHECK(rows[2].indent == 1);
  CHECK(rows[3].lanes == std::vector<std::size_t>{2});
}

TEST_CASE("rows follow each other without overlap, lanes stacked in their track") {
  const Opened opened;
  const LaneIndex index(opened.summary);
  const auto rows = row_layout(opened.summary, index, {}, kHeights);
  CHECK(rows[0].y == 0);
  CHECK(rows[1].y == 25);
  CHECK(rows[2].y == 80);
  CHECK(rows[2].height == 20);
  CHECK(rows[3].y == 105);
  CHECK(total_height(rows) == 115);
}

TEST_CASE("a collapsed group is one row") {
  const Opened opened;
  const LaneIndex index(opened.summary);
  const auto rows = row_layout(opened.summary, index, {1}, kHeights);
  REQUIRE(rows.size() == 1);
  CHECK_FALSE(rows[0].expanded);
}

}  // namespace
}  // namespace reticle::gui
