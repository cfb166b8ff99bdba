#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

#include "gui/view/theme.h"

namespace reticle::gui {
namespace {

using Triple = std::array<double, 3>;

// Of linear RGB; G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model
// for simulation of color vision deficiency", IEEE TVCG 15 (2009), table 1, severity 1.
struct Vision {
  const char* name;
  std::array<Triple, 3> matrix;
};
const std::array<Vision, 4> kVisions{{{"all cones", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}},
                                      {"protanopia",
                                       {{{0.152286, 1.052583, -0.204868},
                                         {0.114503, 0.786281, 0.099216},
                                         {-0.003882, -0.048116, 1.051998}}}},
                                      {"deuteranopia",
                                       {{{0.367322, 0.860646, -0.227968},
                                         {0.280085, 0.672501, 0.047413},
                                         {-0.011820, 0.042940, 0.968881}}}},
                                      {"tritanopia",
                                       {{{1.255528, -0.076749, -0.178779},
                                         {-0.078411, 0.930809, 0.147602},
                                         {0.004733, 0.691367, 0.303900}}}}}};

double linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

// CIE 1976 L*a*b* of what is seen, D65.
Triple lab(const QColor& color, const Vision& vision) {
  const Triple from{linear(color.redF()), linear(color.greenF()), linear(color.blueF())};
  Triple seen{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      seen[i] += vision.matrix[i][j] * from[j];
    }
    seen[i] = std::clamp(seen[i], 0.0, 1.0);
  }
  const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
  const double x = f((0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.95047);
  const double y = f(0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]);
  const double z = f((0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double distance(const QColor& a, const QColor& b, const Vision& vision) {
  const Triple p = lab(a, vision);
  const Triple q = lab(b, vision);
  return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

double least_distance(const std::vector<QColor>& colors, const Vision& vision) {
  double least = 1000;
  for (std::size_t i = 0; i < colors.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      least = std::min(least, distance(colors[i], colors[j], vision));
    }
  }
  return least;
}

// A distance of 2.3 is just seen (M. Mahy et al., Color Res. Appl. 19, 1994).
constexpr double kSeen = 2.3;

TEST_CASE("names take 21 colours that everybody tells apart, and their labels can be read") {
  std::set<QRgb> found;
  for (int i = 0; i < 1000; ++i) {
    found.insert(slice_color("name " + std::to_string(i)).rgb());
  }
  CHECK(found.size() == 21);
  std::vector<QColor> colors;
  for (const QRgb color : found) {
    colors.push_back(QColor::fromRgb(color));
  }
  for (const Vision& vision : kVisions) {
    INFO(vision.name);
    CHECK(least_distance(colors, vision) > 3 * kSeen);
  }
  CHECK(text_on(QColor(0xf0e442)) == QColor(Qt::black));
  CHECK(text_on(QColor(0x005686)) == QColor(Qt::white));
  CHECK(slice_color("mla_core") != slice_color("gate_up"));
  CHECK(slice_color("mla_core") == QColor(162, 214, 243));  // the same in every trace
}

TEST_CASE("what bound a moment has a colour of its own for everybody") {
  std::vector<QColor> colors;
  for (const char* what : {"tensor", "vector", "sfu", "smem", "l2", "hbm", "noc", "link", "latency",
                           "launch", "host", "sync", "power"}) {
    colors.push_back(bound_color(what));
  }
  for (const Vision& vision : kVisions) {
    INFO(vision.name);
    CHECK(least_distance(colors, vision) > 6 * kSeen);
  }
}

TEST_CASE("reasons of gaps, and longer and shorter, differ for everybody") {
  for (const Theme* theme : {&light_theme(), &dark_theme()}) {
    std::vector<QColor> reasons{theme->chart};  // of what is busy
    for (std::size_t i = 0; i < kWaitReasons; ++i) {
      reasons.push_back(reason_color(static_cast<WaitReason>(i), *theme));
    }
    for (const Vision& vision : kVisions) {
      INFO(vision.name << (theme->dark ? ", dark" : ", light"));
      CHECK(least_distance(reasons, vision) > 6 * kSeen);
      CHECK(distance(difference_color(0.5, *theme), difference_color(-0.5, *theme), vision) > 60);
      CHECK(distance(difference_color(0.1, *theme), difference_color(-0.1, *theme), vision) >
            8 * kSeen);
    }
  }
}

TEST_CASE("heat goes one way in lightness for everybody") {
  for (const Theme* theme : {&light_theme(), &dark_theme()}) {
    for (const Vision& vision : kVisions) {
      INFO(vision.name << (theme->dark ? ", dark" : ", light"));
      for (int i = 0; i < 20; ++i) {
        const double low = lab(heat_color(i / 20.0, *theme), vision)[0];
        const double high = lab(heat_color((i + 1) / 20.0, *theme), vision)[0];
        CHECK((theme->dark ? high - low : low - high) > 0);
      }
    }
  }
}

}  // namespace
}  // namespace reticle::gui
