#include <QPaintEvent>
#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

#include "gui/model/format.h"
#include "gui/view/text.h"
#include "gui/view/timeline.h"

namespace reticle::gui {
namespace {

constexpr int kIndent = 14;
constexpr double kTickSpacing_px = 110;

}  // namespace

void Timeline::paintEvent(QPaintEvent*) {
  if (!layer_valid_) {
    const double ratio = devicePixelRatioF();
    const QSize size = QSizeF(width() * ratio, height() * ratio).toSize();
    if (layer_.size() != size) {
      layer_ = QImage(size, QImage::Format_RGB32);
    }
    layer_.setDevicePixelRatio(ratio);
    const Canvas canvas(layer_);
    QPainter painter(&layer_);
    painter.setFont(font());
    paint_layer(painter, &canvas);
    layer_valid_ = true;
  }
  QPainter painter(this);
  painter.drawImage(0, 0, layer_);
  paint_overlay(painter);
  painter.setClipRect(kLabelWidth, 0, width() - kLabelWidth, height());
  paint_hover(painter);
}

void Timeline::paint_view(QPainter& painter) {
  painter.setFont(font());
  paint_layer(painter, nullptr);
  paint_overlay(painter);
}

void Timeline::paint_layer(QPainter& painter, const Canvas* canvas) {
  painter.fillRect(rect(), theme_->window);
  painter_.set_look(scale(), font(), *theme_, search_);
  paint_rows(painter, false, canvas);
  if (pinned_height_ > 0) {
    painter.fillRect(QRectF(0, rows_top(), width(), scroll_top() - rows_top()), theme_->window);
    paint_rows(painter, true, canvas);
    painter.fillRect(QRectF(0, scroll_top() - kPinnedBorder, width(), 2), theme_->accent);
  }
  paint_grid(painter, canvas);
  paint_strip(painter);
  paint_ruler(painter);
}

void Timeline::paint_rows(QPainter& painter, bool pinned, const Canvas* canvas) {
  const int top = pinned ? rows_top() : scroll_top();
  for (const Row& row : rows_) {
    const int y = screen_y(row);
    if (row.pinned != pinned || y + row.height < top || y > height()) {
      continue;
    }
    painter.save();
    painter.setClipRect(kLabelWidth, top, width() - kLabelWidth, height());
    painter.translate(kLabelWidth, 0);
    const CounterView* counter =
        row.kind == RowKind::kCounter ? &counter_view(row.counter) : nullptr;
    painter_.paint(painter, row, {y, top, canvas, counter});
    if (row.kind == RowKind::kTrack && idle_reasons_) {
      paint_gaps(painter, row, y);
    }
    painter.restore();
    painter.save();
    painter.setClipRect(0, top, kLabelWidth, height());
    paint_label(painter, row, y);
    painter.restore();
  }
}

void Timeline::paint_label(QPainter& painter, const Row& row, int y) {
  const trace::Summary& summary = document_.summary();
  const int left = 8 + row.indent * kIndent;
  const QRectF area(left, y, kLabelWidth - left - 10, row.height);
  if (row.kind == RowKind::kCounter) {
    paint_counter_label(painter, row, area);
    return;
  }
  QRectF name = area;
  if (row.kind == RowKind::kGroup) {
    paint_group_label(painter, row, name, y);
  } else {
    const trace::TrackTotals& totals = summary.totals.tracks.at(row.track.value - 1);
    const double share = 100.0 * static_cast<double>(totals.busy_ps) /
                         static_cast<double>(document_.whole().length_ps());
    painter.setPen(theme_->faint_text);
    painter.drawText(area, Qt::AlignRight | Qt::AlignVCenter, QString::asprintf("%.1f %%", share));
    name.setRight(area.right() - 54);
  }
  painter.setPen(theme_->text);
  const std::string& own = summary.track(row.track).name;
  painter.drawText(
      name, Qt::AlignLeft | Qt::AlignVCenter,
      painter.fontMetrics().elidedText(text(row.pinned ? track_path(summary, row.track) : own),
                                       Qt::ElideMiddle, static_cast<int>(name.width())));
  painter.setFont(font());
}

void Timeline::paint_group_label(QPainter& painter, const Row& row, QRectF& name, int y) {
  painter.fillRect(QRectF(0, y, kLabelWidth, row.height), theme_->group);
  const double x = name.left();
  const double middle = y + row.height / 2.0;
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme_->faint_text);
  painter.drawPolygon(row.expanded
                          ? QPolygonF({{x, middle - 3}, {x + 9, middle - 3}, {x + 4.5, middle + 4}})
                          : QPolygonF({{x + 1, middle - 5}, {x + 8, middle}, {x + 1, middle + 5}}));
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.setFont(bold(font()));
  name.setLeft(x + 15);
}

void Timeline::paint_counter_label(QPainter& painter, const Row& row, const QRectF& area) {
  const CounterView& counter = counter_view(row.counter);
  const bool tall = row.height >= 2 * painter.fontMetrics().height();
  const Qt::Alignment upper = tall ? Qt::AlignTop : Qt::AlignVCenter;
  painter.setPen(theme_->text);
  painter.drawText(area.adjusted(0, tall ? 4 : 0, 0, 0), Qt::AlignLeft | upper, text(counter.name));
  painter.setPen(theme_->faint_text);
  painter.drawText(area.adjusted(0, tall ? 4 : 0, 0, 0), Qt::AlignRight | upper,
                   text(format_quantity(counter.greatest, counter.unit)));
  if (tall) {
    painter.drawText(area.adjusted(0, 0, 0, -4), Qt::AlignLeft | Qt::AlignBottom,
                     "mean " + text(format_quantity(counter.mean, counter.unit)));
    painter.drawText(area.adjusted(0, 0, 0, -4), Qt::AlignRight | Qt::AlignBottom,
                     text(format_quantity(std::min(0.0, counter.least), counter.unit)));
  }
}

// Into the picture itself: a painter hands columns that shine through to a pool of threads, and
// waits for them.
void Timeline::paint_grid(QPainter& painter, const Canvas* canvas) {
  const double strength = theme_->dark ? 0.16 : 0.12;
  QColor shade = theme_->faint_text;
  shade.setAlphaF(static_cast<float>(strength));
  for (const Tick& tick : ruler_ticks(scale(), kTickSpacing_px)) {
    const double x = kLabelWidth + std::round(scale().x(tick.time_ps));
    if (canvas == nullptr) {
      painter.fillRect(QRectF(x, kRulerHeight, 1, height() - kRulerHeight), shade);
      continue;
    }
    const int from = canvas->device(x);
    const int to = std::min(canvas->device(x + 1), canvas->width());
    for (int y = canvas->device(kRulerHeight); y < canvas->height(); ++y) {
      for (int column = from; column < to; ++column) {
        QRgb& pixel = canvas->line(y)[column];
        pixel = blended(theme_->faint_text.rgb(), pixel, strength);
      }
    }
  }
}

void Timeline::paint_ruler(QPainter& painter) {
  painter.fillRect(QRectF(0, 0, width(), kRulerHeight - 2), theme_->window);
  painter.fillRect(QRectF(0, kRulerHeight - 2, width(), 1), theme_->grid);
  // The view within the whole.
  const TimeRange whole = with_margin(document_.whole());
  const Scale all{whole, scale().width};
  painter.fillRect(QRectF(kLabelWidth, 4, all.width, 6), theme_->lane);
  const double from = all.x(range_.from_ps);
  painter.fillRect(QRectF(kLabelWidth + from, 4, std::max(2.0, all.x(range_.to_ps) - from), 6),
                   mixed(theme_->chart, theme_->window, 0.6));
  painter.setPen(theme_->text);
  painter.setFont(bold(font()));
  painter.drawText(QRectF(8, 0, kLabelWidth - 16, kRulerHeight - 2), Qt::AlignVCenter,
                   text(format_duration(range_.length_ps())) + " in view");
  painter.setFont(font());
  for (const Tick& tick : ruler_ticks(scale(), kTickSpacing_px)) {
    const double x = kLabelWidth + std::round(scale().x(tick.time_ps));
    painter.fillRect(QRectF(x, kRulerHeight - 10, 1, 8), theme_->faint_text);
    painter.setPen(theme_->faint_text);
    painter.drawText(QRectF(x + 4, 12, kTickSpacing_px, kRulerHeight - 14), Qt::AlignVCenter,
                     text(tick.label));
  }
}

}  // namespace reticle::gui
