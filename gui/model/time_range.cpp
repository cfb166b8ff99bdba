#include "gui/model/time_range.h"

#include <algorithm>
#include <cmath>

namespace reticle::gui {
namespace {

constexpr int kMarginParts = 100;

TimeRange limited(const TimeRange& view, const TimeRange& whole) {
  const TimeRange limit = with_margin(whole);
  const std::int64_t length = std::min(view.length_ps(), limit.length_ps());
  const std::int64_t from = std::clamp(view.from_ps, limit.from_ps, limit.to_ps - length);
  return {from, from + length};
}

}  // namespace

TimeRange with_margin(const TimeRange& whole) {
  const std::int64_t margin = std::max(whole.length_ps() / kMarginParts, kShortestView_ps / 2);
  return {whole.from_ps - margin, whole.to_ps + margin};
}

TimeRange zoomed(const TimeRange& view, std::int64_t at_ps, double factor, const TimeRange& whole) {
  const auto length = static_cast<double>(view.length_ps());
  const auto longest = static_cast<double>(with_margin(whole).length_ps());
  const double wanted = std::clamp(length * factor, double{kShortestView_ps}, longest);
  const double before = static_cast<double>(at_ps - view.from_ps) / length;
  const std::int64_t from = at_ps - std::llround(before * wanted);
  return limited({from, from + std::llround(wanted)}, whole);
}

TimeRange panned(const TimeRange& view, std::int64_t by_ps, const TimeRange& whole) {
  return limited({view.from_ps + by_ps, view.to_ps + by_ps}, whole);
}

}  // namespace reticle::gui
