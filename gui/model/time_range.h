#pragma once

#include <cstdint>

namespace reticle::gui {

// Half-open span of time, in picoseconds.
struct TimeRange {
  std::int64_t from_ps = 0;
  std::int64_t to_ps = 1;

  std::int64_t length_ps() const { return to_ps - from_ps; }
  bool operator==(const TimeRange& other) const {
    return from_ps == other.from_ps && to_ps == other.to_ps;
  }
  bool operator!=(const TimeRange& other) const { return !(*this == other); }
};

// The least that can be shown across a window.
constexpr std::int64_t kShortestView_ps = 100;

// `whole` with a little room at both sides: what "fit" shows and no pan leaves.
TimeRange with_margin(const TimeRange& whole);

// `view` made `factor` times as long (below 1 zooms in) with the instant `at_ps` kept in its place.
// The result lies within with_margin(whole).
TimeRange zoomed(const TimeRange& view, std::int64_t at_ps, double factor, const TimeRange& whole);

// `view` moved by `by_ps`, as far as with_margin(whole) allows.
TimeRange panned(const TimeRange& view, std::int64_t by_ps, const TimeRange& whole);

// Where times are on a strip of `width` pixels.
struct Scale {
  TimeRange range;
  double width = 1;

  double ps_per_pixel() const { return static_cast<double>(range.length_ps()) / width; }
  double x(std::int64_t time_ps) const {
    return static_cast<double>(time_ps - range.from_ps) / ps_per_pixel();
  }
  std::int64_t time_ps(double x) const {
    return range.from_ps + static_cast<std::int64_t>(x * ps_per_pixel());
  }
};

}  // namespace reticle::gui
