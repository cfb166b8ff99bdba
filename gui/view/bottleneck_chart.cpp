#include "gui/view/bottleneck_chart.h"

#include <QPainter>
#include <algorithm>

#include "gui/model/format.h"
#include "gui/view/text.h"

namespace reticle::gui {
namespace {

constexpr int kLine = 24;
constexpr int kNameWidth = 130;
constexpr int kValueWidth = 150;
}  // namespace

void BottleneckChart::show(Bottlenecks found) {
  found_ = std::move(found);
  update();
}

void BottleneckChart::paint(QPainter& painter) {
  if (found_.totals.empty()) {
    return say(painter,
               "This trace does not say what bound its slices (argument bound_by) nor what they "
               "waited for (flows).");
  }
  const double half = width() / 2.0;
  paint_totals(painter, QRectF(12, 6, half - 24, height() - 12));
  paint_streams(painter, QRectF(half + 12, 6, half - 24, height() - 12));
}

void BottleneckChart::paint_totals(QPainter& painter, const QRectF& area) {
  painter.setPen(theme().faint_text);
  painter.drawText(
      area, Qt::AlignTop | Qt::AlignLeft,
      "What bound the critical path, of " + text(format_duration(found_.range.length_ps())));
  const double room = area.width() - kNameWidth - kValueWidth;
  const auto greatest = static_cast<double>(found_.totals.front().second);
  double y = area.top() + kLine;
  for (const auto& [what, ps] : found_.totals) {
    if (y + kLine > area.bottom()) {
      break;
    }
    painter.setPen(theme().text);
    painter.drawText(QRectF(area.left(), y, kNameWidth - 8, kLine), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text(what), Qt::ElideRight, kNameWidth - 8));
    const double length = room * static_cast<double>(ps) / greatest;
    painter.fillRect(QRectF(area.left() + kNameWidth, y + 4, std::max(1.0, length), kLine - 8),
                     bound_color(what));
    const double share =
        100 * static_cast<double>(ps) / static_cast<double>(found_.range.length_ps());
    painter.drawText(QRectF(area.left() + kNameWidth + length + 8, y, kValueWidth, kLine),
                     Qt::AlignVCenter,
                     QString::asprintf("%.1f %%   ", share) + text(format_duration(ps)));
    y += kLine;
  }
}

void BottleneckChart::paint_streams(QPainter& painter, const QRectF& area) {
  painter.setPen(theme().faint_text);
  double x = area.left();
  const auto legend = [&](const QColor& color, const QString& word) {
    painter.fillRect(QRectF(x, area.top() + 3, 11, 11), color);
    painter.setPen(theme().faint_text);
    painter.drawText(QPointF(x + 16, area.top() + painter.fontMetrics().ascent()), word);
    x += 30 + painter.fontMetrics().horizontalAdvance(word);
  };
  legend(theme().chart, "busy");
  for (std::size_t r = 0; r < kWaitReasons; ++r) {
    const auto reason = static_cast<WaitReason>(r);
    legend(reason_color(reason, theme()), reason_name(reason));
  }
  double y = area.top() + kLine;
  for (const Bottlenecks::Stream& stream : found_.streams) {
    if (y + kLine > area.bottom()) {
      break;
    }
    painter.setPen(theme().text);
    painter.drawText(
        QRectF(area.left(), y, kNameWidth - 8, kLine), Qt::AlignVCenter,
        painter.fontMetrics().elidedText(text(stream.name), Qt::ElideMiddle, kNameWidth - 8));
    paint_stream(painter, stream,
                 QRectF(area.left() + kNameWidth, y + 4, area.width() - kNameWidth, kLine - 8));
    y += kLine;
  }
}

void BottleneckChart::paint_stream(QPainter& painter, const Bottlenecks::Stream& stream,
                                   const QRectF& bar) {
  painter.fillRect(bar, theme().lane);
  double x = bar.left();
  const auto part = [&](std::int64_t ps, const QColor& color) {
    const double share = static_cast<double>(ps) / static_cast<double>(found_.range.length_ps());
    const double length = bar.width() * share;
    painter.fillRect(QRectF(x, bar.top(), length, bar.height()), color);
    if (length > 44) {
      painter.setPen(text_on(color));
      painter.drawText(QRectF(x + 5, bar.top(), length, bar.height()), Qt::AlignVCenter,
                       QString::asprintf("%.1f %%", 100 * share));
    }
    x += length;
  };
  part(stream.busy_ps, theme().chart);
  for (std::size_t r = 0; r < kWaitReasons; ++r) {
    part(stream.idle_ps[r], reason_color(static_cast<WaitReason>(r), theme()));
  }
}

}  // namespace reticle::gui
