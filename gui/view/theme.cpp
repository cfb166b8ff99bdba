#include "gui/view/theme.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "gui/model/format.h"

namespace reticle::gui {
namespace {

// M. Okabe, K. Ito, "Color Universal Design" (2008), black left out.
constexpr std::array<QRgb, 7> kOkabeIto{0xff56b4e9, 0xffe69f00, 0xff009e73, 0xffcc79a7,
                                        0xff0072b2, 0xffd55e00, 0xfff0e442};

// Of a colour in its light and dark forms: chosen so that all 21 stay apart for every kind of
// colour blindness (a test has the distances).
constexpr double kLightShare = 0.55;
constexpr double kDarkShare = 0.45;

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

QPalette palette_of(const Theme& theme) {
  QPalette palette;
  palette.setColor(QPalette::Window, theme.window);
  palette.setColor(QPalette::Base, theme.lane);
  palette.setColor(QPalette::AlternateBase, theme.window);
  palette.setColor(QPalette::Button, theme.group);
  palette.setColor(QPalette::Text, theme.text);
  palette.setColor(QPalette::WindowText, theme.text);
  palette.setColor(QPalette::ButtonText, theme.text);
  palette.setColor(QPalette::ToolTipBase, theme.window);
  palette.setColor(QPalette::ToolTipText, theme.text);
  palette.setColor(QPalette::PlaceholderText, theme.faint_text);
  palette.setColor(QPalette::Highlight, theme.chart);
  palette.setColor(QPalette::HighlightedText, text_on(theme.chart));
  palette.setColor(QPalette::Light, theme.grid);
  palette.setColor(QPalette::Mid, theme.grid);
  palette.setColor(QPalette::Dark, theme.grid);
  return palette;
}

QColor mixed(const QColor& a, const QColor& b, double share) {
  const auto channel = [share](int of_a, int of_b) {
    return static_cast<int>(std::lround(of_a * share + of_b * (1 - share)));
  };
  return {channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue())};
}

QColor slice_color(std::string_view name) {
  const std::uint64_t value = hash(kernel_label(name));
  const QColor base = QColor::fromRgb(kOkabeIto[value % kOkabeIto.size()]);
  switch (value / kOkabeIto.size() % 3) {
    case 0:
      return base;
    case 1:
      return mixed(base, Qt::white, kLightShare);
    default:
      return mixed(base, Qt::black, kDarkShare);
  }
}

QColor bound_color(std::string_view what) {
  static constexpr std::pair<std::string_view, QRgb> kKnown[] = {
      {"tensor", 0xff0072b2},  {"vector", 0xff56b4e9}, {"sfu", 0xffcc79a7},  {"smem", 0xfff0e442},
      {"l2", 0xffe69f00},      {"hbm", 0xffd55e00},    {"noc", 0xff5a1e0a},  {"link", 0xff009e73},
      {"latency", 0xff99cc66}, {"launch", 0xffd4d8de}, {"host", 0xff3f4a58}, {"sync", 0xff3d1a8f},
      {"power", 0xff9900ff}};
  for (const auto& [name, color] : kKnown) {
    if (what == name) {
      return QColor::fromRgb(color);
    }
  }
  return slice_color(what);
}

QColor reason_color(WaitReason reason, const Theme& theme) {
  switch (reason) {
    case WaitReason::kCommunication:
      return QColor::fromRgb(kOkabeIto[2]);
    case WaitReason::kCompute:
      return QColor::fromRgb(kOkabeIto[1]);
    case WaitReason::kHost:
      return QColor::fromRgb(kOkabeIto[5]);
    default:
      return mixed(theme.faint_text, theme.lane, 0.45);
  }
}

QColor difference_color(double share, const Theme& theme) {
  constexpr double kStrongest = 0.5;
  const double strength = 0.35 + 0.65 * std::min(1.0, std::abs(share) / kStrongest);
  return mixed(QColor::fromRgb(kOkabeIto[share > 0 ? 5 : 4]), theme.window, strength);
}

QColor heat_color(double share, const Theme& theme) {
  struct Stop {
    double at;
    QRgb color;
  };
  static constexpr Stop kLight[] = {
      {0, 0xfff4f5f7}, {0.25, 0xffc6dbe9}, {0.5, 0xff6baed6}, {0.75, 0xff2171b5}, {1, 0xff08306b}};
  static constexpr Stop kDark[] = {
      {0, 0xff1b2029}, {0.25, 0xff27496d}, {0.5, 0xff2f84a3}, {0.75, 0xff7cc5a5}, {1, 0xfff0f4b8}};
  const auto& stops = theme.dark ? kDark : kLight;
  for (std::size_t i = 1; i < 5; ++i) {
    if (share <= stops[i].at) {
      const double part =
          (std::max(share, 0.0) - stops[i - 1].at) / (stops[i].at - stops[i - 1].at);
      return mixed(QColor::fromRgb(stops[i].color), QColor::fromRgb(stops[i - 1].color), part);
    }
  }
  return QColor::fromRgb(stops[4].color);
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
