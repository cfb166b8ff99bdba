#include <algorithm>
#include <cmath>

#include "gui/view/row_painter.h"

namespace reticle::gui {
namespace {

constexpr double kLine_px = 1.5;  // of a counter

// The columns right of the labels, a device pixel wide each, or a pixel if they become vectors.
class Columns {
 public:
  Columns(QPainter& painter, const RowPainter::Way& way, double width)
      : painter_(painter), canvas_(way.canvas), count_(static_cast<int>(std::ceil(width))) {
    if (canvas_ != nullptr) {
      left_ = canvas_->device(kLabelWidth);
      top_ = canvas_->device(way.top);
      count_ = canvas_->width() - left_;
    }
  }

  int count() const { return count_; }

  // From `upper` to `lower`, pixels.
  void fill(int x, double upper, double lower, const QColor& color) const {
    if (canvas_ == nullptr) {
      painter_.fillRect(QRectF(x, upper, 1, lower - upper), color);
      return;
    }
    const int stop = std::min(canvas_->device(lower), canvas_->height());
    for (int y = std::max(top_, canvas_->device(upper)); y < stop; ++y) {
      canvas_->line(y)[left_ + x] = color.rgb();
    }
  }

 private:
  QPainter& painter_;
  const Canvas* canvas_;
  int count_;
  int left_ = 0;
  int top_ = 0;
};

}  // namespace

void RowPainter::paint_group(QPainter& painter, const Row& row, const Way& way) {
  painter.fillRect(QRectF(0, way.y, scale_.width, row.height), theme_->group);
  if (row.expanded || row.lanes.empty()) {
    return;
  }
  // How many of the lanes below are busy, as an area.
  const Columns columns(painter, way, scale_.width);
  const std::vector<double>& shares = share_of(row, columns.count());
  const QColor color = mixed(theme_->chart, theme_->group, 0.7);
  const double base = way.y + row.height - 1;
  for (int x = 0; x < columns.count(); ++x) {
    const double share = std::min(1.0, shares[static_cast<std::size_t>(x)]);
    columns.fill(x, base - share * (row.height - 2), base, color);
  }
}

// By pixel column; kept, because a group may have thousands of lanes.
const std::vector<double>& RowPainter::share_of(const Row& row, int columns) {
  const auto [known, added] = shares_.try_emplace(row.track.value);
  std::vector<double>& busy = known->second;
  if (!added && busy.size() == static_cast<std::size_t>(columns)) {
    return busy;
  }
  busy.assign(static_cast<std::size_t>(columns), 0);
  const Scale scale{scale_.range, static_cast<double>(columns)};
  const auto last = static_cast<double>(busy.size());
  const double part = 1 / static_cast<double>(row.lanes.size());
  for (const std::size_t lane : row.lanes) {
    lane_geometry(document_.data().lanes[lane], scale, geometry_);
    for (std::size_t x = 0; x < busy.size(); ++x) {
      busy[x] += part * static_cast<double>(geometry_.columns[x].busy);
    }
    for (const Box& box : geometry_.boxes) {
      const auto from = static_cast<std::size_t>(std::clamp(std::round(box.from_x), 0.0, last));
      const auto to = static_cast<std::size_t>(std::clamp(std::round(box.to_x), 0.0, last));
      for (std::size_t x = from; x < to; ++x) {
        busy[x] += part;
      }
    }
  }
  return busy;
}

void RowPainter::paint_counter(QPainter& painter, const Row& row, const Way& way) {
  const CounterView& view = *way.counter;
  const double bottom = std::min(0.0, view.least);
  const double top = view.greatest > bottom ? view.greatest : bottom + 1;
  const double base = way.y + row.height - 1;
  const double room = row.height - 4;
  const auto level = [&](double value) { return base - (value - bottom) / (top - bottom) * room; };
  painter.fillRect(QRectF(0, way.y, scale_.width, row.height), theme_->lane);
  painter.fillRect(QRectF(0, std::round(level((top + bottom) / 2)), scale_.width, 1), theme_->grid);

  const QColor color = counter_color(view.unit, *theme_);
  const QColor soft = mixed(color, theme_->lane, 0.30);
  const QColor band = mixed(color, theme_->lane, 0.55);
  const Columns columns(painter, way, scale_.width);
  const Scale scale{scale_.range, static_cast<double>(columns.count())};
  double before = base;
  for (int x = 0; x < columns.count(); ++x) {
    const std::int64_t from = scale.time_ps(x);
    const Extent extent = view.series->extent({from, std::max(from + 1, scale.time_ps(x + 1))});
    if (extent.empty) {
      before = base;
      continue;
    }
    const double mean = level(extent.mean);
    columns.fill(x, mean, base, soft);
    columns.fill(x, level(extent.max), level(extent.min), band);
    const bool steep = std::abs(mean - before) > 1 && extent.max == extent.min;
    columns.fill(x, steep ? std::min(mean, before) : mean,
                 steep ? std::max(mean, before) : mean + kLine_px, color);
    before = mean;
  }
}

}  // namespace reticle::gui
