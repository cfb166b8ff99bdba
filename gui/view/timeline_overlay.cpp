#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "gui/model/format.h"
#include "gui/view/text.h"
#include "gui/view/timeline.h"

namespace reticle::gui {
namespace {

constexpr std::size_t kMostArrows = 200;
constexpr std::size_t kMostOutlined = 2000;  // hits in view

}  // namespace

void Timeline::paint_overlay(QPainter& painter) {
  painter.save();
  painter.setClipRect(kLabelWidth, 0, width() - kLabelWidth, height());
  paint_mark(painter);
  painter.setClipRect(kLabelWidth, rows_top(), width() - kLabelWidth, height());
  paint_path(painter);
  paint_differences(painter);
  paint_hits(painter);
  if (selection_) {
    paint_flows(painter, *selection_, false);
  }
  paint_selection(painter);
  painter.setClipRect(kLabelWidth, 0, width() - kLabelWidth, height());
  paint_marks(painter);
  painter.restore();
}

// A duration, and what it means for the counters of rates: how much in that time.
QString Timeline::measured(const TimeRange& range) const {
  QString out = text(format_duration(range.length_ps()));
  const trace::Summary& summary = document_.summary();
  for (std::size_t i = 0; i < summary.counters.size(); ++i) {
    const std::string& unit = summary.counters[i].unit;
    const bool clock = unit == "Hz";
    if (!clock && unit != "B/s") {
      continue;
    }
    const Extent extent = document_.data().series[i].extent(range);
    if (!extent.empty) {
      const double amount = extent.mean * static_cast<double>(range.length_ps()) * 1e-12;
      out += "   " + (clock ? text(format_count(static_cast<std::uint64_t>(amount))) + " cycles"
                            : text(format_quantity(amount, "B")) + " at " +
                                  text(format_quantity(extent.mean, unit)));
    }
  }
  return out;
}

void Timeline::paint_mark(QPainter& painter) {
  if (!marked_) {
    return;
  }
  const double from = kLabelWidth + scale().x(marked_->from_ps);
  const double to = kLabelWidth + scale().x(marked_->to_ps);
  QColor shade = theme_->accent;
  shade.setAlpha(theme_->dark ? 45 : 30);
  painter.fillRect(QRectF(from, kRulerHeight, to - from, height()), shade);
  painter.fillRect(QRectF(from, 12, 1, height()), theme_->accent);
  painter.fillRect(QRectF(to, 12, 1, height()), theme_->accent);
  const QString length =
      drag_ == Drag::kMark ? measured(*marked_) : text(format_duration(marked_->length_ps()));
  const double room = painter.fontMetrics().horizontalAdvance(length) + 12;
  const double middle = std::clamp((from + to - room) / 2, kLabelWidth + 2.0,
                                   std::max(kLabelWidth + 2.0, width() - room - 2));
  const QRectF box(middle, 13, room, kRulerHeight - 16);
  painter.fillRect(box, theme_->accent);
  painter.setPen(text_on(theme_->accent));
  painter.drawText(box, Qt::AlignCenter, length);
}

// A kept mark is a flag with its note, one that is not is a dashed line.
void Timeline::paint_marks(QPainter& painter) {
  for (const Mark& mark : marks_) {
    const double x = std::floor(kLabelWidth + scale().x(mark.time_ps)) + 0.5;
    if (x < kLabelWidth || x > width()) {
      continue;
    }
    painter.setPen(QPen(theme_->chart, 1, mark.kept ? Qt::SolidLine : Qt::DashLine));
    painter.drawLine(QPointF(x, 12), QPointF(x, height()));
    if (mark.kept) {
      painter.setBrush(theme_->chart);
      painter.drawPolygon(QPolygonF({{x, 12}, {x + 9, 16}, {x, 20}}));
      painter.drawText(QPointF(x + 12, 20), text(mark.note));
    }
  }
}

void Timeline::paint_hits(QPainter& painter) {
  if (search_.empty()) {
    return;
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme_->accent, 1));
  const auto& hits = search_.hits();
  std::size_t outlined = 0;
  double drawn_to = -1;
  for (std::size_t i = hits.empty() ? 0 : first_hit_in_view();
       i < hits.size() && outlined < kMostOutlined; ++i, ++outlined) {
    if (document_.data().lanes[hits[i].lane].start_ps(hits[i].slice) >= range_.to_ps) {
      break;
    }
    const QRectF area = slice_area(hits[i]);
    if (area.width() >= 3) {
      painter.drawRect(area.adjusted(0, 0, -1, -1));
    } else if (!area.isEmpty() && area.left() > drawn_to) {
      painter.fillRect(QRectF(area.left(), area.top() - 1, 1, 3), theme_->accent);
      drawn_to = area.left();
    }
  }
}

void Timeline::paint_selection(QPainter& painter) {
  if (!selection_) {
    return;
  }
  const QRectF area = slice_area(*selection_);
  if (area.isEmpty() || area.bottom() < rows_top()) {
    return;
  }
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme_->window, 4));
  painter.drawRect(area);
  painter.setPen(QPen(theme_->accent, 2));
  painter.drawRect(area);
}

void Timeline::paint_flows(QPainter& painter, const SliceKey& of, bool faint) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const auto reaching = document_.flows().to(of);
  const auto leaving = document_.flows().from(of);
  std::size_t drawn = 0;
  for (const auto* links : {&reaching, &leaving}) {
    for (std::size_t i = 0; i < links->size() && drawn < kMostArrows; ++i, ++drawn) {
      const bool chosen = links->size() > 1 && i == flow_choice_ % links->size();
      paint_arrow(painter, (*links)[i], chosen && !faint, faint);
    }
  }
  painter.restore();
}

void Timeline::paint_arrow(QPainter& painter, const FlowIndex::Link& link, bool chosen,
                           bool faint) {
  const std::optional<Place> from = place(link.from.lane);
  const std::optional<Place> to = place(link.to.lane);
  if (!from || !to) {
    return;
  }
  const TraceData& data = document_.data();
  const auto point = [&](std::int64_t time_ps, const Place& at) {
    return QPointF(kLabelWidth + scale().x(time_ps), screen_y(at) + at.height / 2.0);
  };
  const std::int64_t reaches = data.lanes[link.to.lane].start_ps(link.to.slice);
  // A launching call may go on after what it launched has started.
  const std::int64_t leaves = std::min(data.lanes[link.from.lane].end_ps(link.from.slice), reaches);
  const QPointF start = point(leaves, *from);
  const QPointF end = point(reaches, *to);
  const double bend = std::clamp(std::abs(end.x() - start.x()) / 2, 16.0, 80.0);
  QPainterPath path(start);
  path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end);
  QColor color = theme_->accent;
  color.setAlpha(faint ? 130 : 255);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme_->window, chosen ? 6 : 4));
  painter.drawPath(path);
  painter.setPen(QPen(color, chosen ? 3 : 1.8));
  painter.drawPath(path);
  painter.setPen(QPen(theme_->window, 1));
  painter.setBrush(color);
  painter.drawPolygon(QPolygonF({end, end + QPointF(-9, -4.5), end + QPointF(-9, 4.5)}));
}

void Timeline::paint_hover(QPainter& painter) {
  if (!hover_ || drag_ == Drag::kPan || drag_ == Drag::kMaybeRow) {
    return;
  }
  if (drag_ == Drag::kRow) {
    painter.setClipping(false);
    painter.fillRect(QRectF(0, hover_->y(), kLabelWidth, 2), theme_->accent);
    return;
  }
  if (hover_->x() < kLabelWidth) {
    return;
  }
  painter.fillRect(QRectF(std::floor(hover_->x()), 12, 1, height()),
                   mixed(theme_->text, theme_->lane, 0.43));
  if (drag_ == Drag::kNone) {
    if (const auto slice = slice_at(*hover_)) {
      QColor light = theme_->dark ? Qt::white : Qt::black;
      light.setAlpha(40);
      painter.fillRect(slice_area(*slice), light);
      if (!selection_ || !(*selection_ == *slice)) {
        painter.save();
        painter.setClipRect(kLabelWidth, rows_top(), width() - kLabelWidth, height());
        paint_flows(painter, *slice, true);
        painter.restore();
      }
    }
    paint_tooltip(painter, tooltip());
  }
}

QStringList Timeline::tooltip() const {
  const Contents& contents = document_.contents();
  const std::int64_t now = scale().time_ps(hover_->x() - kLabelWidth);
  if (hover_->y() >= kRulerHeight && hover_->y() < rows_top()) {
    const std::string bound = bound_at(now);
    return {text(bound.empty() ? "nothing of the critical path" : "bound by " + bound),
            "at " + text(format_duration(now))};
  }
  if (const auto key = slice_at(*hover_)) {
    const Lane& lane = contents.data.lanes[key->lane];
    QString name = text(contents.name(*key));
    name = name.size() > 120 ? name.left(120) + "…" : name;
    return {name, text(format_duration(lane.duration_ps(key->slice))) + "  from  " +
                      text(format_duration(lane.start_ps(key->slice)))};
  }
  if (const Gap* gap = gap_at(*hover_)) {
    QStringList lines{"idle " + text(format_duration(gap->range.length_ps())) + ": " +
                      reason_name(gap->reason)};
    if (gap->holder) {
      lines << (gap->reason == WaitReason::kLaunch ? "after " : "until ") +
                   text(contents.name(*gap->holder)).left(100);
    }
    return lines;
  }
  const Row* row = row_at(hover_->y());
  if (row != nullptr && row->kind == RowKind::kCounter) {
    const CounterView& counter = counter_view(row->counter);
    const std::int64_t next = std::max(now + 1, scale().time_ps(hover_->x() + 1 - kLabelWidth));
    const Extent extent = counter.series->extent({now, next});
    if (!extent.empty) {
      QStringList lines{text(counter.name) + "  " +
                        text(format_quantity(extent.mean, counter.unit))};
      if (extent.min != extent.max) {
        lines << "here from " + text(format_quantity(extent.min, counter.unit)) + " to " +
                     text(format_quantity(extent.max, counter.unit));
      }
      return lines << "at " + text(format_duration(now));
    }
  }
  return {text(format_duration(now))};
}

void Timeline::paint_tooltip(QPainter& painter, const QStringList& lines) {
  const QFontMetrics metrics = painter.fontMetrics();
  int wide = 0;
  for (const QString& line : lines) {
    wide = std::max(wide, metrics.horizontalAdvance(line));
  }
  const double box_width = wide + 16;
  const double box_height = static_cast<double>(metrics.height() * lines.size() + 10);
  double x = hover_->x() + 14;
  double y = std::max<double>(hover_->y() + 14, kRulerHeight + 2);
  x = x + box_width > width() ? std::max<double>(kLabelWidth, hover_->x() - box_width - 10) : x;
  y = y + box_height > height() ? hover_->y() - box_height - 8 : y;
  const QRectF box(x, y, box_width, box_height);
  painter.setPen(theme_->faint_text);
  painter.setBrush(theme_->window);
  painter.drawRect(box);
  for (int i = 0; i < lines.size(); ++i) {
    painter.setPen(i == 0 ? theme_->text : theme_->faint_text);
    painter.drawText(QPointF(x + 8, y + 5 + metrics.height() * i + metrics.ascent()), lines[i]);
  }
}

}  // namespace reticle::gui
