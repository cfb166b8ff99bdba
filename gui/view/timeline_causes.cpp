#include <QPainter>
#include <algorithm>
#include <cmath>

#include "gui/view/text.h"
#include "gui/view/timeline.h"

namespace reticle::gui {
namespace {

constexpr std::size_t kMostGaps = 20'000;  // of a lane in view; more are too narrow to be seen
constexpr double kNarrowestGap_px = 1;
constexpr double kStripLabelFrom_px = 36;
constexpr double kPathWidth_px = 3;
constexpr double kLeastDifference = 0.02;  // of a slice's duration

// The first entry whose range ends after `time_ps`; ranges are in order and do not overlap.
template <class Entries>
auto first_ending_after(const Entries& entries, std::int64_t time_ps) {
  return std::upper_bound(entries.begin(), entries.end(), time_ps,
                          [](std::int64_t time, const auto& it) { return time < it.range.to_ps; });
}

}  // namespace

// What bound each moment. Each pixel column shows what holds in its middle, so that the strip costs
// the same at every zoom.
void Timeline::paint_strip(QPainter& painter) {
  const std::vector<BoundPart>& parts = document_.bound();
  if (parts.empty()) {
    return;
  }
  const QRectF strip(0, kRulerHeight, width(), kStripHeight);
  painter.fillRect(strip, theme_->window);
  painter.setPen(theme_->text);
  painter.drawText(QRectF(8, kRulerHeight, kLabelWidth - 16, kStripHeight - 3), Qt::AlignVCenter,
                   "bound by");
  const int columns = static_cast<int>(std::ceil(scale().width));
  const auto what = [&](int x) -> const BoundPart* {
    const std::int64_t middle = scale().time_ps(x + 0.5);
    const auto at = first_ending_after(parts, middle);
    return at != parts.end() && at->range.from_ps <= middle ? &*at : nullptr;
  };
  painter.save();
  painter.setClipRect(QRectF(kLabelWidth, kRulerHeight, scale().width, kStripHeight));
  int from = 0;
  const BoundPart* now = what(0);
  for (int x = 1; x <= columns; ++x) {
    const BoundPart* next = x < columns ? what(x) : nullptr;
    const bool same = x < columns && (next == now || (next && now && next->what == now->what));
    if (!same) {
      if (now != nullptr) {
        const QRectF part(kLabelWidth + from, kRulerHeight + 2, x - from, kStripHeight - 6);
        const QColor color = bound_color(now->what);
        painter.fillRect(part, color);
        if (part.width() >= kStripLabelFrom_px) {
          painter.setPen(text_on(color));
          painter.drawText(part.adjusted(4, 0, -2, 0), Qt::AlignVCenter,
                           painter.fontMetrics().elidedText(text(now->what), Qt::ElideRight,
                                                            static_cast<int>(part.width()) - 6));
        }
      }
      from = x;
      now = next;
    }
  }
  painter.restore();
}

std::string Timeline::bound_at(std::int64_t time_ps) const {
  const std::vector<BoundPart>& parts = document_.bound();
  const auto at = first_ending_after(parts, time_ps);
  return at != parts.end() && at->range.from_ps <= time_ps ? at->what : std::string();
}

// In the outermost lane, a bar through the middle of each gap.
void Timeline::paint_gaps(QPainter& painter, const Row& row, int y) {
  const auto& gaps = document_.causes().gaps;
  if (row.lanes[0] >= gaps.size()) {
    return;
  }
  const std::vector<Gap>& own = gaps[row.lanes[0]];
  const int height = row.height / static_cast<int>(row.lanes.size());
  const double thick = std::clamp(height / 4.0, 3.0, 7.0);
  std::size_t drawn = 0;
  for (auto gap = first_ending_after(own, range_.from_ps);
       gap != own.end() && gap->range.from_ps < range_.to_ps && drawn < kMostGaps; ++gap, ++drawn) {
    const double from = scale().x(gap->range.from_ps);
    const double to = scale().x(gap->range.to_ps);
    if (to - from >= kNarrowestGap_px) {
      painter.fillRect(QRectF(from, y + (height - thick) / 2, to - from, thick),
                       reason_color(gap->reason, *theme_));
    }
  }
}

const Gap* Timeline::gap_at(const QPointF& position) const {
  const Row* row = row_at(position.y());
  const auto& gaps = document_.causes().gaps;
  if (row == nullptr || row->kind != RowKind::kTrack || row->lanes[0] >= gaps.size()) {
    return nullptr;
  }
  const std::int64_t time = scale().time_ps(position.x() - kLabelWidth);
  const auto at = first_ending_after(gaps[row->lanes[0]], time);
  return at != gaps[row->lanes[0]].end() && at->range.from_ps <= time ? &*at : nullptr;
}

// A line along the slices of the path, and where it changes lanes a line down or up.
void Timeline::paint_path(QPainter& painter) {
  if (!critical_path_) {
    return;
  }
  const auto& path = document_.causes().path;
  QPointF before;
  bool joined = false;
  double drawn_to = -1;
  double drawn_y = -1;
  for (auto part = first_ending_after(path, range_.from_ps);
       part != path.end() && part->range.from_ps < range_.to_ps; ++part) {
    const auto at = place(part->slice.lane);
    if (!at) {
      joined = false;
      continue;
    }
    const double y = screen_y(*at) + at->height - kPathWidth_px;
    const double from = kLabelWidth + scale().x(part->range.from_ps);
    const double to = kLabelWidth + scale().x(part->range.to_ps);
    if (to - drawn_to < 0.5 && y == drawn_y) {
      continue;  // within the pixel drawn last
    }
    if (joined && before.y() != y) {
      const double top = std::min(before.y(), y);
      painter.fillRect(QRectF(from - 0.5, top, 1.5, std::abs(before.y() - y) + kPathWidth_px),
                       theme_->accent);
    }
    painter.fillRect(QRectF(from, y, std::max(1.0, to - from), kPathWidth_px), theme_->accent);
    before = QPointF(to, y);
    joined = true;
    drawn_to = to;
    drawn_y = y;
  }
}

// Under a slice that differs from its partner, a bar: how long it takes beyond, or less.
void Timeline::paint_differences(QPainter& painter) {
  for (const auto& [lane, at] : places_) {
    if (lane >= differences_.size()) {
      break;
    }
    const Lane& slices = document_.data().lanes[lane];
    const auto& own = differences_[lane];
    const std::size_t first = slices.first_after(range_.from_ps);
    auto it = std::lower_bound(own.begin(), own.end(), first,
                               [](const auto& d, std::size_t slice) { return d.slice < slice; });
    double drawn_to = -1;
    for (; it != own.end() && slices.start_ps(it->slice) < range_.to_ps; ++it) {
      const double from = scale().x(slices.start_ps(it->slice));
      const double to = std::max(from + 1, scale().x(slices.end_ps(it->slice)));
      const auto own_ps =
          static_cast<double>(std::max<std::int64_t>(slices.duration_ps(it->slice), 1));
      const double share = static_cast<double>(it->delta_ps) / own_ps;
      if (to - drawn_to < 1 || std::abs(share) < kLeastDifference) {
        continue;
      }
      const double thick = std::clamp(at.height / 3.0, 3.0, 6.0);
      const QRectF bar(kLabelWidth + from, screen_y(at) + at.height - thick - 1,
                       std::max(1.0, to - from), thick);
      painter.fillRect(bar, theme_->window);
      painter.fillRect(bar.adjusted(0, 1, 0, 0), difference_color(share, *theme_));
      drawn_to = to;
    }
  }
}

void Timeline::set_idle_reasons(bool shown) {
  idle_reasons_ = shown;
  changed();
}

void Timeline::set_critical_path(bool shown) {
  critical_path_ = shown;
  update();
}

void Timeline::set_differences(std::vector<std::vector<SliceDifference>> differences) {
  differences_ = std::move(differences);
  update();
}

}  // namespace reticle::gui
