#include "gui/view/row_painter.h"

#include <algorithm>
#include <cmath>

#include "gui/model/format.h"

namespace reticle::gui {
namespace {

constexpr double kLabelFrom_px = 30;  // narrower slices have no label
constexpr double kFaintest = 0.3;     // of a column with little in it

}  // namespace

void RowPainter::set_scale(const Scale& scale) {
  if (scale.range != scale_.range || scale.width != scale_.width) {
    scale_ = scale;
    forget();
  }
}

void RowPainter::forget() { geometry_.clear(); }

const LaneGeometry& RowPainter::geometry(std::size_t lane) {
  const auto found = geometry_.find(lane);
  if (found != geometry_.end()) {
    return found->second;
  }
  return geometry_.emplace(lane, lane_geometry(document_.data().lanes[lane], scale_)).first->second;
}

QColor RowPainter::color(std::uint32_t name, const Theme& theme, const Search& search) {
  if (!search.text().empty() && !search.matches(name)) {
    return mixed(theme.faint_text, theme.lane, 0.25);
  }
  const auto found = colors_.find(name);
  if (found != colors_.end()) {
    return found->second;
  }
  return colors_.emplace(name, slice_color(document_.summary().strings.at(name))).first->second;
}

void RowPainter::paint(QPainter& painter, const Row& row, int y, const Theme& theme,
                       const Search& search) {
  if (row.kind == RowKind::kGroup) {
    paint_group(painter, row, y, theme);
  } else if (row.kind == RowKind::kCounter) {
    paint_counter(painter, row, y, theme);
  } else {
    const int height = row.height / static_cast<int>(row.lanes.size());
    for (std::size_t depth = 0; depth < row.lanes.size(); ++depth) {
      paint_lane(painter, row.lanes[depth], {y + static_cast<int>(depth) * height, height}, theme,
                 search);
    }
  }
}

void RowPainter::paint_group(QPainter& painter, const Row& row, int y, const Theme& theme) {
  painter.fillRect(QRectF(0, y, scale_.width, row.height), theme.group);
  if (!row.expanded) {
    paint_share(painter, row, y, theme);
  }
}

// How many of the lanes below are busy, as an area.
void RowPainter::paint_share(QPainter& painter, const Row& row, int y, const Theme& theme) {
  std::vector<double> busy(static_cast<std::size_t>(std::ceil(scale_.width)));
  const auto last = static_cast<double>(busy.size());
  for (const std::size_t lane : row.lanes) {
    const LaneGeometry& drawn = geometry(lane);
    for (std::size_t x = 0; x < busy.size(); ++x) {
      busy[x] += drawn.columns[x].busy;
    }
    for (const Box& box : drawn.boxes) {
      const auto from = static_cast<std::size_t>(std::clamp(std::round(box.from_x), 0.0, last));
      const auto to = static_cast<std::size_t>(std::clamp(std::round(box.to_x), 0.0, last));
      for (std::size_t x = from; x < to; ++x) {
        busy[x] += 1;
      }
    }
  }
  const QColor color = mixed(theme.chart, theme.group, 0.7);
  for (std::size_t x = 0; x < busy.size(); ++x) {
    const double share = std::min(1.0, busy[x] / static_cast<double>(row.lanes.size()));
    const double height = share * (row.height - 2);
    painter.fillRect(QRectF(static_cast<double>(x), y + row.height - 1 - height, 1, height), color);
  }
}

void RowPainter::paint_lane(QPainter& painter, std::size_t lane, Span at, const Theme& theme,
                            const Search& search) {
  painter.fillRect(QRectF(0, at.y, scale_.width, at.height), theme.lane);
  const LaneGeometry& drawn = geometry(lane);
  paint_columns(painter, drawn.columns, at, theme, search);
  for (const Box& box : drawn.boxes) {
    paint_box(painter, box, document_.data().lanes[lane].name(box.slice), at, theme, search);
  }
}

void RowPainter::paint_columns(QPainter& painter, const std::vector<Column>& columns, Span at,
                               const Theme& theme, const Search& search) {
  for (std::size_t x = 0; x < columns.size(); ++x) {
    const Column& column = columns[x];
    if (column.name != 0) {
      const double share = kFaintest + (1 - kFaintest) * std::min(1.0, column.busy);
      painter.fillRect(
          QRect(static_cast<int>(x), at.y + kLaneBorder, 1, at.height - 2 * kLaneBorder),
          mixed(color(column.name, theme, search), theme.lane, share));
    }
  }
}

void RowPainter::paint_box(QPainter& painter, const Box& box, std::uint32_t name, Span at,
                           const Theme& theme, const Search& search) {
  const double from = std::max(-1.0, std::round(box.from_x));
  const double to = std::min(scale_.width + 1, std::max(from + 1, std::round(box.to_x)));
  const QColor fill = color(name, theme, search);
  const QRectF area(from, at.y + kLaneBorder, to - from, at.height - 2 * kLaneBorder);
  painter.fillRect(area, fill);
  if (to - from >= 4) {  // a seam, so that neighbours of one colour are told apart
    painter.fillRect(QRectF(to - 1, area.top(), 1, area.height()), mixed(fill, theme.lane, 0.35));
  }
  const double left = std::max(0.0, from);
  const double room = std::min(to, scale_.width) - left - 8;
  if (room < kLabelFrom_px - 8) {
    return;
  }
  const QString text =
      painter.fontMetrics().elidedText(QString::fromStdString(document_.summary().strings.at(name)),
                                       Qt::ElideRight, static_cast<int>(room));
  if (text.size() > 1 || room > 60) {
    painter.setPen(text_on(fill));
    painter.drawText(QRectF(left + 4, area.top(), room + 2, area.height()),
                     Qt::AlignVCenter | Qt::AlignLeft, text);
  }
}

void RowPainter::paint_counter(QPainter& painter, const Row& row, int y, const Theme& theme) {
  painter.fillRect(QRectF(0, y, scale_.width, row.height), theme.lane);
  const Series& series = document_.data().series[row.counter.value - 1];
  const trace::CounterTotals& totals =
      document_.summary().totals.counters.at(row.counter.value - 1);
  const double bottom = std::min(0.0, totals.min);
  const double top = totals.max > bottom ? totals.max : bottom + 1;
  const double base = y + row.height - 1;
  const double room = row.height - 4;
  const auto level = [&](double value) { return base - (value - bottom) / (top - bottom) * room; };
  painter.fillRect(QRectF(0, std::round(level((top + bottom) / 2)), scale_.width, 1), theme.grid);

  const QColor color = counter_color(document_.summary().counter(row.counter).unit, theme);
  const QColor soft = mixed(color, theme.lane, 0.30);
  const QColor band = mixed(color, theme.lane, 0.55);
  double before = base;
  for (int x = 0; x < static_cast<int>(scale_.width); ++x) {
    const std::int64_t from = scale_.time_ps(x);
    const Extent extent = series.extent({from, std::max(from + 1, scale_.time_ps(x + 1))});
    if (extent.empty) {
      before = base;
      continue;
    }
    const double mean = level(extent.mean);
    painter.fillRect(QRectF(x, mean, 1, base - mean), soft);
    painter.fillRect(QRectF(x, level(extent.max), 1, level(extent.min) - level(extent.max)), band);
    const double high = std::min(mean, before);
    const bool steep = std::abs(mean - before) > 1 && extent.max == extent.min;
    painter.fillRect(QRectF(x, steep ? high : mean, 1, steep ? std::abs(mean - before) : 1.5),
                     color);
    before = mean;
  }
}

}  // namespace reticle::gui
