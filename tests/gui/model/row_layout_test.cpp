#include "gui/model/row_layout.h"

#include <catch2/catch.hpp>

#include "tests/gui/model/sample_traces.h"

namespace reticle::gui {
namespace {

struct Opened {
  Opened() {
    test::write_two_streams(directory / "two.rtrace");
    contents.summary = trace::Reader(directory / "two.rtrace").summary();
    contents.index = LaneIndex(contents.summary);
  }
  test::Folder directory;
  Contents contents;
};

const RowHeights kHeights{20, 10, 50, 5};

TEST_CASE("a group has its counters and then its streams below it") {
  const Opened opened;
  const auto rows = row_layout(opened.contents, {}, kHeights);
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
  const auto rows = row_layout(opened.contents, {}, kHeights);
  CHECK(rows[0].y == 0);
  CHECK(rows[1].y == 25);
  CHECK(rows[2].y == 80);
  CHECK(rows[2].height == 20);
  CHECK(rows[3].y == 105);
  CHECK(total_height(rows) == 115);
}

TEST_CASE("a collapsed group is one row") {
  const Opened opened;
  Arrangement collapsed;
  collapsed.collapsed.insert(1);
  const auto rows = row_layout(opened.contents, collapsed, kHeights);
  REQUIRE(rows.size() == 1);
  CHECK_FALSE(rows[0].expanded);
}

TEST_CASE("pinned rows come first, and stand in their place too") {
  const Opened opened;
  Arrangement pinned;
  pinned.pinned = {{3, 0}, {0, 1}};
  const auto rows = row_layout(opened.contents, pinned, kHeights);
  REQUIRE(rows.size() == 6);
  CHECK(rows[0].lanes == std::vector<std::size_t>{2});
  CHECK(rows[0].pinned);
  CHECK(rows[1].kind == RowKind::kCounter);
  CHECK(rows[1].y == 15);
  CHECK(pinned_height(rows) == 65);
  CHECK(rows[2].kind == RowKind::kGroup);
  CHECK(rows[2].y == 0);
  CHECK(total_height(rows) == 115);
}

TEST_CASE("a hidden row is gone with all below it") {
  const Opened opened;
  Arrangement hidden;
  hidden.hidden = {{2, 0}};
  CHECK(row_layout(opened.contents, hidden, kHeights).size() == 3);
  hidden.hidden = {{0, 1}};
  CHECK(row_layout(opened.contents, hidden, kHeights).size() == 3);
  hidden.hidden = {{1, 0}};
  CHECK(row_layout(opened.contents, hidden, kHeights).empty());
}

TEST_CASE("a filter keeps what has it in its path, and the groups around") {
  const Opened opened;
  Arrangement filtered;
  filtered.filter = "COMM";
  auto rows = row_layout(opened.contents, filtered, kHeights);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].kind == RowKind::kGroup);
  CHECK(rows[1].lanes == std::vector<std::size_t>{2});
  filtered.filter = "rank 0";
  CHECK(row_layout(opened.contents, filtered, kHeights).size() == 4);
  filtered.filter = "power";
  rows = row_layout(opened.contents, filtered, kHeights);
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].kind == RowKind::kCounter);
  filtered.filter = "nowhere";
  CHECK(row_layout(opened.contents, filtered, kHeights).empty());
}

TEST_CASE("a track moves among its siblings only") {
  const Opened opened;
  Arrangement moved;
  REQUIRE(move_track(opened.contents.summary, moved, 3, 2));
  auto rows = row_layout(opened.contents, moved, kHeights);
  CHECK(rows[2].lanes == std::vector<std::size_t>{2});
  CHECK(rows[3].lanes == std::vector<std::size_t>{0, 1});
  REQUIRE(move_track(opened.contents.summary, moved, 3, 0));
  CHECK(row_layout(opened.contents, moved, kHeights)[3].lanes == std::vector<std::size_t>{2});
  CHECK_FALSE(move_track(opened.contents.summary, moved, 3, 1));
}

}  // namespace
}  // namespace reticle::gui
