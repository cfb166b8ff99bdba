#include "gui/view/row_painter.h"

#include <algorithm>
#include <cmath>

#include "gui/model/format.h"

namespace reticle::gui {
namespace {

constexpr double kLabelFrom_px = 30;  // narrower slices have no label
constexpr double kLabelMargin_px = 4;
constexpr double kFaintest = 0.3;  // of a column with little in it
constexpr int kLeastElided = 4;    // letters, with the dots: less says nothing

}  // namespace

void RowPainter::set_look(const Scale& scale, const QFont& font, const Theme& theme,
                          const Search& search) {
  if (scale.range != scale_.range || scale.width != scale_.width) {
    scale_ = scale;
    shares_.clear();
  }
  font_ = font;
  theme_ = &theme;
  search_ = &search;
}

void RowPainter::forget() {
  shares_.clear();
  colors_.clear();
  inks_.clear();
}

QString RowPainter::label(std::uint32_t name) const {
  return QString::fromStdString(kernel_label(document_.summary().strings.at(name)));
}

QRgb RowPainter::color(std::uint32_t name) {
  if (colors_.empty()) {
    colors_.resize(document_.summary().strings.size());
  }
  QRgb& known = colors_.at(name);
  if (known == 0) {
    known = !search_->empty() && !search_->matches(name)
                ? blended(theme_->faint_text.rgb(), theme_->lane.rgb(), 0.25)
                : slice_color(document_.summary().strings[name]).rgb();
  }
  return known;
}

QRgb RowPainter::ink(std::uint32_t name) {
  if (inks_.empty()) {
    inks_.resize(document_.summary().strings.size());
  }
  QRgb& known = inks_.at(name);
  if (known == 0) {
    known = text_on(QColor::fromRgb(color(name))).rgb();
  }
  return known;
}

void RowPainter::paint(QPainter& painter, const Row& row, const Way& way) {
  if (row.kind == RowKind::kGroup) {
    return paint_group(painter, row, way);
  }
  if (row.kind == RowKind::kCounter) {
    return paint_counter(painter, row, way);
  }
  const int height = row.height / static_cast<int>(row.lanes.size());
  for (std::size_t depth = 0; depth < row.lanes.size(); ++depth) {
    const Span at{way.y + static_cast<int>(depth) * height, height};
    if (way.canvas != nullptr) {
      paint_lane(*way.canvas, row.lanes[depth], at, way.top);
    } else {
      paint_lane_vectors(painter, row.lanes[depth], at);
    }
  }
}

// A lane is the same in all its lines: one is made and copied. Labels come on top.
void RowPainter::paint_lane(const Canvas& canvas, std::size_t lane, Span at, int top) {
  const int left = canvas.device(kLabelWidth);
  const int from = std::max(canvas.device(at.y), canvas.device(top));
  const int to = std::min(canvas.device(at.y + at.height), canvas.height());
  if (from >= to || left >= canvas.width()) {
    return;
  }
  fill_line(lane, {scale_.range, static_cast<double>(canvas.width() - left)});
  const int upper = canvas.device(at.y + kLaneBorder);
  const int lower = canvas.device(at.y + at.height - kLaneBorder);
  for (int y = from; y < to; ++y) {
    if (y >= upper && y < lower) {
      std::copy(line_.begin(), line_.end(), canvas.line(y) + left);
    } else {
      std::fill_n(canvas.line(y) + left, line_.size(), theme_->lane.rgb());
    }
  }
  paint_labels(canvas, lane, at, top);
}

void RowPainter::paint_labels(const Canvas& canvas, std::size_t lane, Span at, int top) {
  labels_.set_font(font_, canvas.ratio());
  const int left = canvas.device(kLabelWidth);
  const int margin = canvas.device(kLabelMargin_px);
  const double narrowest = kLabelFrom_px * canvas.ratio();
  LabelCache::Place place;
  place.top = canvas.device(top);
  place.y = (canvas.device(2 * at.y + at.height) - labels_.height()) / 2;
  for (const Box& box : geometry_.boxes) {
    if (box.to_x - box.from_x <= narrowest) {
      continue;
    }
    const int from = static_cast<int>(std::max(0.0, box.from_x));
    const int to = static_cast<int>(std::min(box.to_x, static_cast<double>(line_.size())));
    const std::uint32_t name = document_.data().lanes[lane].name(box.slice);
    place.x = left + from + margin;
    place.room = to - from - 2 * margin + 2;
    place.color = ink(name);
    labels_.draw(
        canvas, name, [&] { return label(name); }, place);
  }
}

// The same as rectangles: columns of one colour side by side are one.
void RowPainter::paint_lane_vectors(QPainter& painter, std::size_t lane, Span at) {
  fill_line(lane, scale_);
  painter.fillRect(QRectF(0, at.y, scale_.width, at.height), theme_->lane);
  for (std::size_t from = 0; from < line_.size();) {
    std::size_t to = from + 1;
    while (to < line_.size() && line_[to] == line_[from]) {
      ++to;
    }
    if (line_[from] != theme_->lane.rgb()) {
      painter.fillRect(QRectF(static_cast<double>(from), at.y + kLaneBorder,
                              static_cast<double>(to - from), at.height - 2 * kLaneBorder),
                       QColor::fromRgb(line_[from]));
    }
    from = to;
  }
  for (const Box& box : geometry_.boxes) {
    if (box.to_x - box.from_x > kLabelFrom_px) {
      paint_label(painter, box, document_.data().lanes[lane].name(box.slice), at);
    }
  }
}

// The lane's pixels at a scale, from left to right.
void RowPainter::fill_line(std::size_t lane, const Scale& scale) {
  const Lane& slices = document_.data().lanes[lane];
  lane_geometry(slices, scale, geometry_);
  line_.assign(geometry_.columns.size(), theme_->lane.rgb());
  fill_columns();
  for (const Box& box : geometry_.boxes) {
    fill_box(box, slices.name(box.slice));
  }
}

void RowPainter::fill_columns() {
  const QRgb idle = theme_->lane.rgb();
  for (std::size_t x = 0; x < line_.size(); ++x) {
    const Column& column = geometry_.columns[x];
    if (column.name != 0) {
      const double share =
          kFaintest + (1 - kFaintest) * std::min(1.0, static_cast<double>(column.busy));
      line_[x] = blended(color(column.name), idle, share);
    }
  }
}

void RowPainter::fill_box(const Box& box, std::uint32_t name) {
  const auto columns = static_cast<int>(line_.size());
  const auto width = static_cast<double>(columns);
  const int from = std::min(static_cast<int>(std::max(box.from_x, 0.0) + 0.5), columns - 1);
  const int to = std::clamp(static_cast<int>(std::min(box.to_x, width) + 0.5), from + 1, columns);
  const QRgb fill = color(name);
  std::fill(line_.begin() + from, line_.begin() + to, fill);
  if (to - from >= 4 && box.to_x <= width) {  // a seam tells neighbours of one colour apart
    line_[static_cast<std::size_t>(to - 1)] = blended(fill, theme_->lane.rgb(), 0.35);
  }
}

void RowPainter::paint_label(QPainter& painter, const Box& box, std::uint32_t name, Span at) {
  const double left = std::max(0.0, box.from_x);
  const double room = std::min(box.to_x, scale_.width) - left - 2 * kLabelMargin_px;
  if (room < kLabelFrom_px - 2 * kLabelMargin_px) {
    return;
  }
  const QString whole = label(name);
  const QString text =
      painter.fontMetrics().elidedText(whole, Qt::ElideRight, static_cast<int>(room));
  if (text.size() == whole.size() || text.size() >= kLeastElided) {
    painter.setPen(QColor::fromRgb(ink(name)));
    painter.drawText(QRectF(left + kLabelMargin_px, at.y, room + 2, at.height),
                     Qt::AlignVCenter | Qt::AlignLeft, text);
  }
}

}  // namespace reticle::gui
