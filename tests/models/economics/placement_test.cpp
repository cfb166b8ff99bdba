#include "models/economics/placement.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <stdexcept>

using namespace reticle::economics;

namespace {

constexpr double kMm = 1e-3;

WaferGrid wafer(double width_mm, double height_mm, double scribe_mm = 0.2, double edge_mm = 5) {
  return {300 * kMm, edge_mm * kMm, scribe_mm * kMm, width_mm * kMm, height_mm * kMm, 0};
}

size_t count(const WaferGrid& grid) { return place_dies(grid).size(); }

}  // namespace

TEST_CASE("the two outlines quoted for the 910 die") {
  CHECK(count(wafer(25.8, 25.8)) == 78);
  CHECK(count(wafer(21.32, 31.22)) == 80);
}

TEST_CASE("a single die fits exactly up to its circumscribed circle") {
  // 3-4-5: a 180 x 240 mm die has a 300 mm diagonal.
  CHECK(count({0.3, 0, 0, 0.18, 0.24}) == 1);
  CHECK(count({0.3, 0, 0, 0.18, 0.2401}) == 0);
  CHECK(count({0.3, 0.0001, 0, 0.18, 0.24}) == 0);
}

TEST_CASE("two and four dies touch the circle at all outer corners") {
  // Two dies of 90 x 240 side by side, and four of 90 x 120, fill the same 180 x 240 rectangle.
  CHECK(count({0.3, 0, 0, 0.09, 0.24}) == 2);
  CHECK(count({0.3, 0, 0, 0.0901, 0.24}) == 1);
  CHECK(count({0.3, 0, 0, 0.09, 0.12}) >= 4);
  // A street of 20 mm between two dies of 80 mm leaves them the same outer corners.
  CHECK(count({0.3, 0, 0.02, 0.08, 0.24}) == 2);
  CHECK(count({0.3, 0, 0.0201, 0.08, 0.24}) == 1);
}

TEST_CASE("seven dies fit only where two rows of three and one die touch the circle together") {
  // Unit dies: corners (+-1.5, 0) and (+-0.5, 3) lie on a circle about (0, 7/6) of radius
  // sqrt(130)/6.
  const double side = 0.06;
  const double diameter = 2 * side * std::sqrt(130) / 6;
  CHECK(count({diameter * (1 + 1e-7), 0, 0, side, side}) == 7);
  CHECK(count({diameter * (1 - 1e-7), 0, 0, side, side}) == 6);
}

TEST_CASE("every die lies inside the usable radius and no two are closer than a street") {
  const WaferGrid grid = wafer(26, 31.31, 0.2, 5);
  const std::vector<DiePosition> dies = place_dies(grid);
  REQUIRE(dies.size() == 64);
  const double usable = 0.145;
  for (size_t i = 0; i < dies.size(); ++i) {
    const double x = std::abs(dies[i].x) + grid.die_width / 2;
    const double y = std::abs(dies[i].y) + grid.die_height / 2;
    CHECK(std::hypot(x, y) <= usable * (1 + 1e-8));
    for (size_t j = 0; j < i; ++j) {
      const double gap_x = std::abs(dies[i].x - dies[j].x) - grid.die_width;
      const double gap_y = std::abs(dies[i].y - dies[j].y) - grid.die_height;
      CHECK(std::max(gap_x, gap_y) >= grid.scribe - 1e-12);
    }
  }
}

TEST_CASE("turning the die does not change the count") {
  for (const auto& [w, h] : {std::pair{21.32, 31.22}, {8.0, 16.0}, {31.25, 14.6}, {67.7, 60.5}}) {
    CHECK(count(wafer(w, h)) == count(wafer(h, w)));
  }
}

TEST_CASE("no offset of a fine raster beats the search") {
  for (const auto& [w, h] : {std::pair{28.53, 28.53}, {21.32, 31.22}, {45.0, 45.0}, {12.0, 12.0}}) {
    const WaferGrid grid = wafer(w, h);
    const double pitch_x = grid.die_width + grid.scribe;
    const double pitch_y = grid.die_height + grid.scribe;
    const double r2 = 0.145 * 0.145;
    size_t best = 0;
    constexpr int kSteps = 60;
    for (int a = 0; a < kSteps; ++a) {
      for (int b = 0; b < kSteps; ++b) {
        size_t dies = 0;
        for (int i = -20; i <= 20; ++i) {
          for (int j = -20; j <= 20; ++j) {
            const double x0 = (i + double(a) / kSteps) * pitch_x, x1 = x0 + grid.die_width;
            const double y0 = (j + double(b) / kSteps) * pitch_y, y1 = y0 + grid.die_height;
            const double x = std::max(x0 * x0, x1 * x1), y = std::max(y0 * y0, y1 * y1);
            dies += x + y <= r2 ? 1 : 0;
          }
        }
        best = std::max(best, dies);
      }
    }
    CHECK(count(grid) >= best);
    CHECK(count(grid) <= best + 1);
  }
}

TEST_CASE("larger streets, larger edges and larger dies never give more dies") {
  CHECK(count(wafer(26, 31.31, 0.1, 3)) >= count(wafer(26, 31.31, 0.2, 3)));
  CHECK(count(wafer(26, 31.31, 0.1, 3)) >= count(wafer(26, 31.31, 0.1, 5)));
  CHECK(count(wafer(26, 31.31)) >= count(wafer(26, 33)));
}

TEST_CASE("impossible lengths are refused, a useless wafer holds nothing") {
  CHECK_THROWS_AS(place_dies(wafer(0, 10)), std::domain_error);
  CHECK_THROWS_AS(place_dies(wafer(10, 10, -0.1)), std::domain_error);
  CHECK(count(wafer(10, 10, 0.1, 150)) == 0);
}

TEST_CASE("tiny dies: the thinned search stays within a percent of the area bound") {
  const WaferGrid grid = wafer(0.4, 0.4, 0.1, 5);
  const double bound = 3.14159265 * 145 * 145 / (0.5 * 0.5);
  const auto dies = static_cast<double>(count(grid));
  CHECK(dies < bound);
  CHECK(dies > bound * 0.99);
}

TEST_CASE("a notch never adds dies, and one inside the edge exclusion changes nothing") {
  for (const double notch_mm : {0.0, 5.0, 7.0, 10.0, 20.0}) {
    WaferGrid grid = wafer(15, 15, 1, 5);
    grid.notch = notch_mm * kMm;
    const auto dies = place_dies(grid);
    CHECK(dies.size() <= count(wafer(15, 15, 1, 5)));
    if (notch_mm <= 5) {
      CHECK(dies.size() == count(wafer(15, 15, 1, 5)));
    }
    for (const DiePosition& die : dies) {
      CHECK(die.y - 7.5 * kMm >= (-150 + notch_mm) * kMm - 1e-9);
    }
  }
}

TEST_CASE("a strip over half the wafer: dies stand on it") {
  // 150 mm from the bottom: two dies of 90 x 120 fill the upper half disc (3-4-5).
  WaferGrid grid{0.3, 0, 0, 0.09, 0.12, 0.15};
  CHECK(count(grid) == 2);
  grid.notch = 0.1501;
  CHECK(count(grid) < 2);
}

TEST_CASE("partial dies touch the wafer and are no whole ones") {
  const WaferGrid grid = wafer(21.32, 31.22);
  const auto whole = place_dies(grid);
  const auto partial = partial_dies(grid, whole);
  CHECK(partial.size() > 20);
  const double wafer_area = 3.14159265358979 * 0.15 * 0.15;
  CHECK(double(whole.size() + partial.size()) * 21.52e-3 * 31.42e-3 > wafer_area);
  for (const DiePosition& die : partial) {
    const double far = std::hypot(std::abs(die.x) + 10.66e-3, std::abs(die.y) + 15.61e-3);
    CHECK(far > 0.145 - 1e-9);
  }
  CHECK(partial_dies(grid, {}).empty());
}

TEST_CASE("scanner fields: trimmed to whole dies, as few as cover the wafer") {
  const WaferGrid large = wafer(26, 33);
  const FieldPlan one = plan_fields(large, place_dies(large), 26 * kMm, 33 * kMm);
  CHECK(one.columns == 1);
  CHECK(one.rows == 1);
  CHECK(one.utilisation == Approx(1));
  CHECK(one.exposures == 60);
  const WaferGrid small = wafer(12.9, 10.8, 0.1, 3);
  const auto dies = place_dies(small);
  const FieldPlan six = plan_fields(small, dies, 26 * kMm, 33 * kMm);
  CHECK(six.columns == 2);
  CHECK(six.rows == 3);
  CHECK(six.utilisation == Approx(6 * 12.9 * 10.8 / 858));
  CHECK(six.exposures >= int(dies.size() + 5) / 6);
  CHECK(six.exposures < int(dies.size()) / 4);
  // A high-NA lens prints half a field.
  CHECK(plan_fields(small, dies, 26 * kMm, 16.5 * kMm).rows == 1);
  CHECK(plan_fields(large, place_dies(large), 26 * kMm, 16.5 * kMm).columns == 0);
}
