#include "models/economics/sampler.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <stdexcept>

using namespace reticle::economics;

namespace {

std::vector<std::vector<double>> points(uint64_t seed, const std::vector<std::string>& names,
                                        int count) {
  Sampler sampler(seed, names);
  std::vector<std::vector<double>> all;
  for (int i = 0; i < count; ++i) {
    all.push_back(sampler.next());
  }
  return all;
}

std::vector<double> ranks(const std::vector<std::vector<double>>& points, std::size_t dimension) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return points[a][dimension] < points[b][dimension];
  });
  std::vector<double> rank(points.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = double(i);
  }
  return rank;
}

double rank_correlation(const std::vector<std::vector<double>>& points, std::size_t a,
                        std::size_t b) {
  const std::vector<double> x = ranks(points, a);
  const std::vector<double> y = ranks(points, b);
  const double n = double(points.size());
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    squares += (x[i] - y[i]) * (x[i] - y[i]);
  }
  return 1 - 6 * squares / (n * (n * n - 1));
}

}  // namespace

TEST_CASE("points are a function of seed and name, to the bit") {
  const std::vector<std::string> names = {"a", "b"};
  CHECK(points(1, names, 100) == points(1, names, 100));
  CHECK(points(1, names, 100) != points(2, names, 100));
  CHECK(points(1, names, 100) != points(1, {"a", "c"}, 100));
  // The first dimension does not know its neighbours' names.
  CHECK(points(1, names, 1)[0][0] == points(1, {"a", "c"}, 1)[0][0]);
}

TEST_CASE("every dimension fills (0, 1) far more evenly than chance") {
  constexpr int kPoints = 4096;
  const auto all = points(1, {"a", "b", "c", "d", "e"}, kPoints);
  for (std::size_t d = 0; d < 5; ++d) {
    std::vector<int> cells(64);
    for (const auto& point : all) {
      REQUIRE(point[d] > 0);
      REQUIRE(point[d] < 1);
      ++cells[std::size_t(point[d] * 64)];
    }
    // 64 a cell; chance would be off by 8.
    for (const int count : cells) {
      CHECK(std::abs(count - 64) <= 1);
    }
  }
}

TEST_CASE("the error of a mean falls faster than with chance") {
  const auto error = [](int count) {
    double sum = 0;
    for (const auto& point : points(3, {"a", "b", "c"}, count)) {
      sum += point[0] * point[1] + point[2];
    }
    return std::abs(sum / count - 0.75);
  };
  CHECK(error(1024) < 0.01 * 0.5);         // chance: 0.01
  CHECK(error(65536) < error(1024) / 10);  // chance: an eighth
}

TEST_CASE("draws of a name: one in each cell, in no common order, the same forever") {
  constexpr uint32_t kDraws = 1024;
  const uint64_t a = draw_key(1, "chips.a");
  const uint64_t b = draw_key(1, "chips.b");
  CHECK(a != draw_key(2, "chips.a"));
  std::vector<int> cells(kDraws);
  double product = 0;
  for (uint32_t i = 0; i < kDraws; ++i) {
    const double x = stratified_draw(a, i);
    REQUIRE(x > 0);
    REQUIRE(x < 1);
    CHECK(x == stratified_draw(a, i));
    ++cells[std::size_t(x * kDraws)];
    product += (x - 0.5) * (stratified_draw(b, i) - 0.5) / kDraws;
  }
  CHECK(cells == std::vector<int>(kDraws, 1));
  CHECK(product == Approx(0).margin(5 * 0.0833 / 32));  // five standard errors of chance
}

TEST_CASE("the error of a mean of draws falls with their number, not with its root") {
  const auto error = [](uint32_t count) {
    double sum = 0;
    for (uint32_t i = 0; i < count; ++i) {
      const double x = stratified_draw(7, i);
      sum += x * x;
    }
    return std::abs(sum / count - 1 / 3.0);
  };
  CHECK(error(256) < 0.3 / 16 / 10);  // chance: 0.3 / 16
  CHECK(error(16384) < 0.3 / 128 / 100);
}

TEST_CASE("a copula gives the rank correlation asked for and leaves margins alone") {
  const Copula copula(3, {{0, 2, 0.7}});
  auto all = points(1, {"a", "b", "c"}, 8192);
  for (auto& point : all) {
    copula.apply(point);
  }
  CHECK(rank_correlation(all, 0, 2) == Approx(0.7).margin(0.01));
  CHECK(rank_correlation(all, 0, 1) == Approx(0).margin(0.02));
  double mean = 0;
  for (const auto& point : all) {
    mean += point[2] / 8192;
  }
  CHECK(mean == Approx(0.5).margin(0.003));
}

TEST_CASE("perfect correlation, either way, and one that cannot be") {
  auto up = points(1, {"a", "b"}, 64);
  auto down = up;
  for (std::size_t i = 0; i < up.size(); ++i) {
    Copula(2, {{0, 1, 1}}).apply(up[i]);
    Copula(2, {{0, 1, -1}}).apply(down[i]);
    CHECK(up[i][1] == Approx(up[i][0]).margin(1e-9));
    CHECK(down[i][1] == Approx(1 - down[i][0]).margin(1e-9));
  }
  CHECK_THROWS_AS(Copula(3, {{0, 1, 0.9}, {1, 2, 0.9}, {0, 2, -0.9}}), std::domain_error);
}
