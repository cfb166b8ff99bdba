#include "gui/view/roofline_chart.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "gui/model/format.h"
#include "gui/view/text.h"

namespace reticle::gui {
namespace {

constexpr double kListWidth = 460;
constexpr double kLeast_px = 4;
constexpr double kMost_px = 18;
constexpr double kLine = 20;
constexpr std::size_t kMostLabels = 12;

void widen(double& low, double& high, double value) {
  low = std::min(low, std::floor(std::log10(value)));
  high = std::max(high, std::ceil(std::log10(value)));
}

}  // namespace

void RooflineChart::select(std::optional<std::uint32_t> name) {
  selected_ = name;
  update();
}

void RooflineChart::show(const trace::Summary& summary, const Roofline& roofline) {
  roofline_ = roofline;
  hovered_ = -1;
  names_.clear();
  labels_.clear();
  across_ = {0, 3};
  up_ = {12, 15};
  if (!roofline_.points.empty()) {
    const double rate = std::log10(roofline_.points.front().per_second());
    up_ = {std::floor(rate), std::ceil(rate)};
  }
  for (const RooflinePoint& point : roofline_.points) {
    names_.push_back(text(summary.strings.at(point.name)));
    labels_.push_back(text(kernel_label(summary.strings.at(point.name))));
    widen(across_.low, across_.high, point.intensity());
    widen(up_.low, up_.high, point.per_second());
  }
  if (!roofline_.roofs.empty()) {
    const double peak = roofline_.roofs.front().operations_per_s;
    up_.high = std::max(up_.high, std::log10(peak) + 0.35);
    if (roofline_.bytes_per_s > 0) {
      across_.high = std::max(across_.high, std::log10(peak / roofline_.bytes_per_s) + 0.4);
    }
  }
  update();
}

QRectF RooflineChart::area() const {
  const double list = width() > 2 * kListWidth ? kListWidth : 0;
  return QRectF(rect()).adjusted(74, 10, -16 - list, -36);
}

double RooflineChart::x(double intensity) const {
  return area().left() +
         (std::log10(intensity) - across_.low) / (across_.high - across_.low) * area().width();
}

double RooflineChart::y(double per_second) const {
  return area().bottom() -
         (std::log10(per_second) - up_.low) / (up_.high - up_.low) * area().height();
}

QPointF RooflineChart::place(const RooflinePoint& point) const {
  return {x(point.intensity()), y(point.per_second())};
}

double RooflineChart::radius(const RooflinePoint& point) const {
  const double share = point.seconds / roofline_.points.front().seconds;
  return std::max(kLeast_px, kMost_px * std::sqrt(share));
}

void RooflineChart::paint(QPainter& painter) {
  if (roofline_.points.empty()) {
    return say(
        painter,
        "No kernel here says what it computed and moved (arguments operations and "
        "hbm_bytes). Traces of reticle run do; of a profile's kernels it is known from names "
        "and grids, of more of them with --model.");
  }
  painter.setRenderHint(QPainter::Antialiasing);
  paint_grid(painter);
  paint_roofs(painter);
  paint_points(painter);
  paint_list(painter);
}

void RooflineChart::paint_grid(QPainter& painter) {
  const QRectF inside = area();
  painter.fillRect(inside, theme().lane);
  for (int decade = static_cast<int>(std::ceil(across_.low)); decade <= across_.high; ++decade) {
    const double at = x(std::pow(10, decade));
    painter.setPen(theme().grid);
    painter.drawLine(QPointF(at, inside.top()), QPointF(at, inside.bottom()));
    painter.setPen(theme().faint_text);
    painter.drawText(QRectF(at - 40, inside.bottom() + 2, 80, 16), Qt::AlignCenter,
                     text(format_number(std::pow(10, decade))));
  }
  for (int decade = static_cast<int>(std::ceil(up_.low)); decade <= up_.high; ++decade) {
    const double at = y(std::pow(10, decade));
    painter.setPen(theme().grid);
    painter.drawLine(QPointF(inside.left(), at), QPointF(inside.right(), at));
    painter.setPen(theme().faint_text);
    painter.drawText(QRectF(0, at - 8, inside.left() - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                     text(format_quantity(std::pow(10, decade), "op/s")));
  }
  painter.drawText(QRectF(inside.left(), inside.bottom() + 17, inside.width(), 18), Qt::AlignCenter,
                   "operations a byte of memory");
}

void RooflineChart::paint_roofs(QPainter& painter) {
  const QRectF inside = area();
  painter.save();
  painter.setClipRect(inside);
  const double bandwidth = roofline_.bytes_per_s;
  for (const Roof& roof : roofline_.roofs) {
    const double knee =
        bandwidth > 0 ? roof.operations_per_s / bandwidth : std::pow(10, across_.low);
    painter.setPen(QPen(theme().text, 1.4));
    painter.drawLine(QPointF(std::max(x(knee), inside.left()), y(roof.operations_per_s)),
                     QPointF(inside.right(), y(roof.operations_per_s)));
    painter.setPen(theme().faint_text);
    const bool highest = &roof == &roofline_.roofs.front();  // others are labelled below their line
    painter.drawText(QRectF(inside.left(), y(roof.operations_per_s) + (highest ? -16 : 1),
                            inside.width() - 4, 15),
                     Qt::AlignRight,
                     text(roof.name + "  " + format_quantity(roof.operations_per_s, "op/s")));
  }
  if (bandwidth > 0) {
    const double peak =
        roofline_.roofs.empty() ? std::pow(10, up_.high) : roofline_.roofs.front().operations_per_s;
    const double low = std::pow(10, across_.low);
    painter.setPen(QPen(theme().text, 1.4));
    painter.drawLine(QPointF(x(low), y(low * bandwidth)), QPointF(x(peak / bandwidth), y(peak)));
    painter.setPen(theme().faint_text);
    painter.drawText(
        QPointF(inside.left() + 6, std::max(inside.top() + 14, y(low * bandwidth) - 18)),
        "HBM " + text(format_quantity(bandwidth, "B/s")));
  }
  painter.restore();
}

// The longest first, so that small ones are not covered.
void RooflineChart::paint_points(QPainter& painter) {
  for (std::size_t i = 0; i < roofline_.points.size(); ++i) {
    const RooflinePoint& point = roofline_.points[i];
    const bool chosen = selected_ == point.name || hovered_ == static_cast<int>(i);
    QColor fill = slice_color(names_[i].toStdString());
    fill.setAlpha(210);
    painter.setBrush(fill);
    painter.setPen(QPen(chosen ? theme().accent : theme().window, chosen ? 3 : 1.5));
    painter.drawEllipse(place(point), radius(point), radius(point));
  }
  painter.setPen(theme().text);
  std::vector<QRectF> taken;  // labels do not cover each other
  for (std::size_t i = 0; i < std::min(roofline_.points.size(), kMostLabels); ++i) {
    const QPointF at = place(roofline_.points[i]) + QPointF(radius(roofline_.points[i]) + 4, 4);
    const QRectF box =
        QRectF(painter.fontMetrics().boundingRect(labels_[i].left(28))).translated(at);
    const bool free = std::none_of(taken.begin(), taken.end(),
                                   [&](const QRectF& other) { return other.intersects(box); });
    if (free) {
      painter.drawText(at, labels_[i].left(28));
      taken.push_back(box);
    }
  }
}

void RooflineChart::paint_list(QPainter& painter) {
  if (width() <= 2 * kListWidth) {
    return;
  }
  const double left = width() - kListWidth + 4;
  double top = 8;
  painter.setPen(theme().faint_text);
  painter.drawText(QPointF(left, top + 12), "kernel");
  const auto cell = [&](double from, double wide, const QString& what) {
    painter.drawText(QRectF(left + from, top, wide, kLine), Qt::AlignRight | Qt::AlignVCenter,
                     what);
  };
  cell(170, 80, "op/s");
  cell(250, 80, "B/s");
  cell(330, 60, "op/B");
  cell(390, 58, "bound");
  for (std::size_t i = 0; i < roofline_.points.size() && top + 2 * kLine < height(); ++i) {
    top += kLine;
    const RooflinePoint& point = roofline_.points[i];
    painter.setPen(Qt::NoPen);
    painter.setBrush(slice_color(names_[i].toStdString()));
    painter.drawEllipse(QPointF(left + 6, top + kLine / 2), 5, 5);
    painter.setPen(theme().text);
    painter.drawText(QRectF(left + 18, top, 155, kLine), Qt::AlignVCenter, labels_[i].left(24));
    cell(170, 80, text(format_quantity(point.per_second(), "op/s")).chopped(4));
    cell(250, 80, text(format_quantity(point.bytes / point.seconds, "B/s")).chopped(3));
    cell(330, 60, text(format_quantity(point.intensity(), "")));
    cell(390, 58, text(point.bound_by));
  }
}

void RooflineChart::mouseMoveEvent(QMouseEvent* event) {
  hovered_ = -1;
  for (std::size_t i = 0; i < roofline_.points.size(); ++i) {
    const QPointF away = place(roofline_.points[i]) - event->position();
    if (std::hypot(away.x(), away.y()) <= radius(roofline_.points[i])) {
      hovered_ = static_cast<int>(i);
      const RooflinePoint& point = roofline_.points[i];
      setToolTip(names_[i] + "\n" + text(format_quantity(point.per_second(), "op/s")) + ", " +
                 text(format_number(point.intensity())) + " operations a byte\n" +
                 text(format_count(point.count)) + " kernels, " +
                 text(format_quantity(point.seconds, "s")) +
                 (point.bound_by.empty() ? "" : ", bound by " + text(point.bound_by)));
    }
  }
  update();
}

}  // namespace reticle::gui
