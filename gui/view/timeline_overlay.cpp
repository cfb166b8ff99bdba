#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "gui/model/format.h"
#include "gui/view/timeline.h"

namespace reticle::gui {
namespace {

constexpr std::size_t kMostArrows = 200;

QString text(const std::string& from) { return QString::fromStdString(from); }

}  // namespace

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
  const QString length = text(format_duration(marked_->length_ps()));
  const double width = painter.fontMetrics().horizontalAdvance(length) + 12;
  const QRectF box((from + to - width) / 2, 13, width, kRulerHeight - 16);
  painter.fillRect(box, theme_->accent);
  painter.setPen(text_on(theme_->accent));
  painter.drawText(box, Qt::AlignCenter, length);
}

void Timeline::paint_selection(QPainter& painter) {
  if (!selection_) {
    return;
  }
  const QRectF area = slice_area(*selection_);
  if (area.isEmpty() || area.bottom() < kRulerHeight) {
    return;
  }
  painter.setClipRect(kLabelWidth, kRulerHeight, width() - kLabelWidth, height());
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme_->window, 4));
  painter.drawRect(area);
  painter.setPen(QPen(theme_->accent, 2));
  painter.drawRect(area);
}

void Timeline::paint_flows(QPainter& painter) {
  if (!selection_) {
    return;
  }
  painter.save();
  painter.setClipRect(kLabelWidth, kRulerHeight, width() - kLabelWidth, height());
  painter.setRenderHint(QPainter::Antialiasing);
  std::vector<FlowIndex::Link> links = flows_.to(*selection_);
  const auto leaving = flows_.from(*selection_);
  links.insert(links.end(), leaving.begin(), leaving.end());
  links.resize(std::min(links.size(), kMostArrows));
  for (const FlowIndex::Link& link : links) {
    paint_arrow(painter, link);
  }
  painter.restore();
}

void Timeline::paint_arrow(QPainter& painter, const FlowIndex::Link& link) {
  const std::optional<Place> from = place(link.from.lane);
  const std::optional<Place> to = place(link.to.lane);
  if (!from || !to) {
    return;
  }
  const TraceData& data = document_.data();
  const auto point = [&](std::int64_t time_ps, const Place& at) {
    return QPointF(kLabelWidth + scale().x(time_ps),
                   kRulerHeight + at.y - scroll_ + at.height / 2.0);
  };
  const QPointF start = point(data.lanes[link.from.lane].end_ps(link.from.slice), *from);
  const QPointF end = point(data.lanes[link.to.lane].start_ps(link.to.slice), *to);
  const double bend = std::clamp(std::abs(end.x() - start.x()) / 2, 16.0, 80.0);
  QPainterPath path(start);
  path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(theme_->window, 4));
  painter.drawPath(path);
  painter.setPen(QPen(theme_->accent, 1.8));
  painter.drawPath(path);
  painter.setPen(QPen(theme_->window, 1));
  painter.setBrush(theme_->accent);
  painter.drawPolygon(QPolygonF({end, end + QPointF(-9, -4.5), end + QPointF(-9, 4.5)}));
}

void Timeline::paint_hover(QPainter& painter) {
  if (!hover_ || hover_->x() < kLabelWidth || drag_ == Drag::kPan) {
    return;
  }
  QColor line = theme_->text;
  line.setAlpha(110);
  painter.setClipRect(kLabelWidth, 0, width() - kLabelWidth, height());
  painter.fillRect(QRectF(std::floor(hover_->x()), 12, 1, height()), line);
  if (drag_ == Drag::kNone) {
    if (const auto slice = slice_at(*hover_)) {
      QColor light = theme_->dark ? Qt::white : Qt::black;
      light.setAlpha(40);
      painter.fillRect(slice_area(*slice), light);
    }
    paint_tooltip(painter, tooltip());
  }
}

QStringList Timeline::tooltip() const {
  const trace::Summary& summary = document_.summary();
  const std::int64_t now = scale().time_ps(hover_->x() - kLabelWidth);
  if (const auto key = slice_at(*hover_)) {
    const Lane& lane = document_.data().lanes[key->lane];
    return {text(summary.strings.at(lane.name(key->slice))),
            text(format_duration(lane.duration_ps(key->slice))) + "  from  " +
                text(format_duration(lane.start_ps(key->slice)))};
  }
  const Row* row = row_at(hover_->y());
  if (row != nullptr && row->kind == RowKind::kCounter) {
    const trace::Counter& counter = summary.counter(row->counter);
    const std::int64_t next = std::max(now + 1, scale().time_ps(hover_->x() + 1 - kLabelWidth));
    const Extent extent = document_.data().series[row->counter.value - 1].extent({now, next});
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
  x = x + box_width > width() ? hover_->x() - box_width - 10 : x;
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

void Timeline::paint_help(QPainter& painter) {
  const QList<QPair<QString, QString>> keys{
      {"W  S   Ctrl+wheel", "zoom in, out at the cursor (Shift: fast, Ctrl: fine)"},
      {"A  D   arrows   right-drag", "pan (also Shift+drag, sideways wheel)"},
      {"wheel   Up  Down", "scroll"},
      {"0   Home", "show everything"},
      {"click", "select a slice; open or close a group"},
      {"drag", "select a range: statistics below"},
      {"R", "the selected slice as a range"},
      {"F", "centre the selection; again: fit it"},
      {".   ,", "next, previous slice of the lane"},
      {"]   [", "follow a flow forward, back"},
      {"/   Ctrl+F", "search; Enter, Shift+Enter: next, previous hit"},
      {"T", "light or dark"},
      {"Esc", "clear the selection"},
      {"?", "this list; any key closes it"}};
  const int line = painter.fontMetrics().height() + 6;
  const QRectF box(width() / 2.0 - 310, 50, 620, line * (static_cast<int>(keys.size()) + 1) + 16.0);
  painter.setPen(theme_->faint_text);
  painter.setBrush(theme_->window);
  painter.drawRect(box);
  for (int i = 0; i < keys.size(); ++i) {
    const double y = box.top() + 12 + line * (i + 0.5);
    painter.setPen(theme_->accent);
    painter.drawText(QRectF(box.left() + 20, y, 190, line), Qt::AlignVCenter, keys[i].first);
    painter.setPen(theme_->text);
    painter.drawText(QRectF(box.left() + 220, y, 390, line), Qt::AlignVCenter, keys[i].second);
  }
}

}  // namespace reticle::gui
