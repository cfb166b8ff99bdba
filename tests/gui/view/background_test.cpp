#include "gui/view/background.h"

#include <catch2/catch.hpp>
#include <future>
#include <vector>

#include "tests/gui/view/window_fixture.h"

namespace reticle::gui {
namespace {

using test::OpenWindow;

TEST_CASE("of several questions the last is answered, those between are not worked out") {
  const OpenWindow with_event_loop(test::write_empty);
  Background background;
  std::promise<void> go;
  const std::shared_future<void> gone = go.get_future().share();
  std::vector<int> worked_out;
  std::vector<int> shown;
  const auto ask = [&](int question) {
    background.start([&, question]() -> Background::Show {
      gone.wait();
      worked_out.push_back(question);  // one after the other
      return [&, question] { shown.push_back(question); };
    });
  };
  ask(1);
  ask(2);
  ask(3);
  CHECK(background.busy());
  CHECK(shown.empty());
  go.set_value();
  background.finish();
  CHECK_FALSE(background.busy());
  CHECK(worked_out == std::vector<int>{1, 3});
  CHECK(shown == std::vector<int>{3});
}

TEST_CASE("a table that was left while it was counted is there when one comes back") {
  constexpr std::size_t kMany = 300'000;
  OpenWindow window([](const auto& path) { test::write_dense(path, kMany); });
  window->panels().open("statistics");
  window->panels().open("energy");
  window->panels().open("statistics");
  window->panels().finish();
  const StatisticsTable& table = window->panels().statistics();
  REQUIRE(table.rowCount() == 2);
  CHECK(table.rows()[0].count + table.rows()[1].count == kMany);
}

}  // namespace
}  // namespace reticle::gui
