#include "gui/view/row_painter.h"

#include <algorithm>
#include <cmath>

#include "gui/model/format.h"

namespace reticle::gui {
namespace {

constexpr double kLabelFrom_px = 30;  // narrower slices have no label
constexpr double kFaintest = 0.3;     // of a column with little in it
constexpr int kLeastElided = 4;       // letters, with the dots: less says nothing

// As mixed(), for the many.
QRgb blended(QRgb a, QRgb b, double share) {
  const auto of_a = static_cast<int>(share * 256);
  const auto channel = [of_a](int a_part, int b_part) {
    return (a_part * of_a + b_part * (256 - of_a) + 128) >> 8;
  };
  return qRgb(channel(qRed(a), qRed(b)), channel(qGreen(a), qGreen(b)),
              channel(qBlue(a), qBlue(b)));
}

}  // namespace

void RowPainter::set_scale(const Scale& scale) {
  if (scale.range != scale_.range || scale.width != scale_.width) {
    scale_ = scale;
    geometry_.clear();
  }
}

void RowPainter::forget() {
  geometry_.clear();
  colors_.clear();
  labels_.clear();
}

const QString& RowPainter::label(std::uint32_t name) {
  const auto [known, added] = labels_.try_emplace(name);
  if (added) {
    known->second = QString::fromStdString(kernel_label(document_.summary().strings.at(name)));
  }
  return known->second;
}

const LaneGeometry& RowPainter::geometry(std::size_t lane) {
  const auto found = geometry_.find(lane);
  if (found != geometry_.end()) {
    return found->second;
  }
  return geometry_.emplace(lane, lane_geometry(document_.data().lanes[lane], scale_)).first->second;
}

QRgb RowPainter::color(std::uint32_t name, const Theme& theme, const Search& search) {
  if (!search.empty() && !search.matches(name)) {
    return blended(theme.faint_text.rgb(), theme.lane.rgb(), 0.25);
  }
  if (colors_.empty()) {
    colors_.resize(document_.summary().strings.size());
  }
  QRgb& known = colors_.at(name);
  if (known == 0) {
    known = slice_color(document_.summary().strings[name]).rgb();
  }
  return known;
}

void RowPainter::paint(QPainter& painter, const Row& row, const Way& way, const Theme& theme,
                       const Search& search) {
  const int y = way.y;
  if (row.kind == RowKind::kGroup) {
    paint_group(painter, row, y, theme);
  } else if (row.kind == RowKind::kCounter) {
    paint_counter(painter, row, y, theme);
  } else {
    const int height = row.height / static_cast<int>(row.lanes.size());
    for (std::size_t depth = 0; depth < row.lanes.size(); ++depth) {
      const Span at{y + static_cast<int>(depth) * height, height};
      if (way.vectors) {
        paint_lane_vectors(painter, row.lanes[depth], at, theme, search);
      } else {
        paint_lane(painter, row.lanes[depth], at, theme, search);
      }
    }
  }
}

void RowPainter::paint_group(QPainter& painter, const Row& row, int y, const Theme& theme) {
  painter.fillRect(QRectF(0, y, scale_.width, row.height), theme.group);
  if (!row.expanded && !row.lanes.empty()) {
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

// A lane is the same in all its lines: one is made and copied, which is many times as fast as a
// rectangle for every slice. Labels come on top.
void RowPainter::paint_lane(QPainter& painter, std::size_t lane, Span at, const Theme& theme,
                            const Search& search) {
  const LaneGeometry& drawn = geometry(lane);
  QImage strip(static_cast<int>(drawn.columns.size()), at.height, QImage::Format_RGB32);
  strip.fill(theme.lane);
  const int top = kLaneBorder;
  const int bottom = at.height - kLaneBorder;
  auto* line = reinterpret_cast<QRgb*>(strip.scanLine(top));
  fill_columns(drawn.columns, line, theme, search);
  for (const Box& box : drawn.boxes) {
    fill_box(box, name(lane, box), line, theme, search);
  }
  for (int y = top + 1; y < bottom; ++y) {
    std::copy_n(line, strip.width(), reinterpret_cast<QRgb*>(strip.scanLine(y)));
  }
  painter.drawImage(0, at.y, strip);
  for (const Box& box : drawn.boxes) {
    if (box.to_x - box.from_x > kLabelFrom_px) {
      paint_label(painter, box, name(lane, box), at, theme, search);
    }
  }
}

// The same as rectangles: columns of one colour side by side are one.
void RowPainter::paint_lane_vectors(QPainter& painter, std::size_t lane, Span at,
                                    const Theme& theme, const Search& search) {
  const LaneGeometry& drawn = geometry(lane);
  std::vector<QRgb> line(drawn.columns.size(), theme.lane.rgb());
  fill_columns(drawn.columns, line.data(), theme, search);
  for (const Box& box : drawn.boxes) {
    fill_box(box, name(lane, box), line.data(), theme, search);
  }
  painter.fillRect(QRectF(0, at.y, scale_.width, at.height), theme.lane);
  for (std::size_t from = 0; from < line.size();) {
    std::size_t to = from + 1;
    while (to < line.size() && line[to] == line[from]) {
      ++to;
    }
    if (line[from] != theme.lane.rgb()) {
      painter.fillRect(QRectF(static_cast<double>(from), at.y + kLaneBorder,
                              static_cast<double>(to - from), at.height - 2 * kLaneBorder),
                       QColor::fromRgb(line[from]));
    }
    from = to;
  }
  for (const Box& box : drawn.boxes) {
    if (box.to_x - box.from_x > kLabelFrom_px) {
      paint_label(painter, box, name(lane, box), at, theme, search);
    }
  }
}

std::uint32_t RowPainter::name(std::size_t lane, const Box& box) {
  return document_.data().lanes[lane].name(box.slice);
}

void RowPainter::fill_columns(const std::vector<Column>& columns, QRgb* line, const Theme& theme,
                              const Search& search) {
  const QRgb idle = theme.lane.rgb();
  for (std::size_t x = 0; x < columns.size(); ++x) {
    const Column& column = columns[x];
    if (column.name != 0) {
      const double share = kFaintest + (1 - kFaintest) * std::min(1.0, column.busy);
      line[x] = blended(color(column.name, theme, search), idle, share);
    }
  }
}

void RowPainter::fill_box(const Box& box, std::uint32_t name, QRgb* line, const Theme& theme,
                          const Search& search) {
  const auto columns = static_cast<int>(std::ceil(scale_.width));
  const double left = std::round(std::max(box.from_x, 0.0));
  const double right = std::round(std::min(box.to_x, scale_.width));
  const int from = std::min(static_cast<int>(left), columns - 1);
  const int to = std::clamp(static_cast<int>(right), from + 1, columns);
  const QRgb fill = color(name, theme, search);
  std::fill(line + from, line + to, fill);
  if (to - from >= 4 && box.to_x <= scale_.width) {  // a seam tells neighbours of one colour apart
    line[to - 1] = blended(fill, theme.lane.rgb(), 0.35);
  }
}

void RowPainter::paint_label(QPainter& painter, const Box& box, std::uint32_t name, Span at,
                             const Theme& theme, const Search& search) {
  const double left = std::max(0.0, box.from_x);
  const double room = std::min(box.to_x, scale_.width) - left - 8;
  if (room < kLabelFrom_px - 8) {
    return;
  }
  const QString& whole = label(name);
  const QString text =
      painter.fontMetrics().elidedText(whole, Qt::ElideRight, static_cast<int>(room));
  if (text.size() == whole.size() || text.size() >= kLeastElided) {
    painter.setPen(text_on(QColor::fromRgb(color(name, theme, search))));
    painter.drawText(QRectF(left + 4, at.y, room + 2, at.height), Qt::AlignVCenter | Qt::AlignLeft,
                     text);
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
