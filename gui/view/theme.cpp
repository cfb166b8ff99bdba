#include "gui/view/theme.h"

#include <array>
#include <cmath>
#include <cstdint>

namespace reticle::gui {
namespace {

// M. Okabe, K. Ito, "Color Universal Design" (2008), black left out.
constexpr std::array<QRgb, 7> kOkabeIto{0xff56b4e9, 0xffe69f00, 0xff009e73, 0xffcc79a7,
                                        0xff0072b2, 0xffd55e00, 0xfff0e442};

double linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

// WCAG 2 relative luminance.
double luminance(const QColor& color) {
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
         0.0722 * linear(color.blueF());
}

// FNV-1a with its bits mixed. The seed is one under which the operators and instructions that fill
// most traces (mla_core, gate_up, o_proj, down, combine, dispatch, ...) have different colours.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325u ^ 13455u;
  for (const char c : text) {
    value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  value = (value ^ (value >> 32)) * 0x9e3779b97f4a7c15u;
  return value ^ (value >> 29);
}

}  // namespace

const Theme& light_theme() {
  static const Theme theme{QColor(0xffffff), QColor(0xf4f5f7), QColor(0xe6e9ee),
                           QColor(0x1c2430), QColor(0x66707f), QColor(0xdfe3e8),
                           QColor(0x0072b2), QColor(0xc2185b), false};
  return theme;
}

const Theme& dark_theme() {
  static const Theme theme{QColor(0x14181f), QColor(0x1b2029), QColor(0x262d38),
                           QColor(0xe8ecf2), QColor(0x94a0b0), QColor(0x2c3440),
                           QColor(0x56b4e9), QColor(0xff6fa5), true};
  return theme;
}

QColor mixed(const QColor& a, const QColor& b, double share) {
  const auto channel = [share](int of_a, int of_b) {
    return static_cast<int>(std::lround(of_a * share + of_b * (1 - share)));
  };
  return {channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue())};
}

QColor slice_color(std::string_view name) {
  const std::uint64_t value = hash(name);
  const QColor base = QColor::fromRgb(kOkabeIto[value % kOkabeIto.size()]);
  switch (value / kOkabeIto.size() % 3) {
    case 0:
      return base;
    case 1:
      return mixed(base, Qt::white, 0.6);
    default:
      return mixed(base, Qt::black, 0.75);
  }
}

QColor counter_color(std::string_view unit, const Theme& theme) {
  const QColor plain = unit == "W" || unit == "degC" ? QColor::fromRgb(kOkabeIto[5])
                       : unit == "B/s"               ? theme.chart
                                                     : QColor::fromRgb(kOkabeIto[2]);
  return theme.dark ? mixed(plain, Qt::white, 0.8) : plain;
}

QColor text_on(const QColor& background) {
  const double at = luminance(background);
  return (at + 0.05) * (at + 0.05) > 1.05 * 0.05 ? Qt::black : Qt::white;
}

}  // namespace reticle::gui
