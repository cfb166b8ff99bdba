#include "gui/model/lane_geometry.h"

#include <algorithm>
#include <cmath>

namespace reticle::gui {
namespace {

class Builder {
 public:
  Builder(const Lane& lane, const Scale& scale)
      : lane_(lane), scale_(scale), pixels_per_ps_(1 / scale.ps_per_pixel()) {
    geometry_.columns.resize(static_cast<std::size_t>(std::ceil(scale.width)));
  }

  LaneGeometry build() {
    if (lane_.size() > 0) {
      visit(lane_.levels() + 1, 0);
    }
    return std::move(geometry_);
  }

 private:
  double x(std::int64_t time_ps) const {
    return static_cast<double>(time_ps - scale_.range.from_ps) * pixels_per_ps_;
  }

  // Cell `index` of `level`; level 0 is a slice, the level above all is the whole lane.
  void visit(std::size_t level, std::size_t index) {
    const std::size_t first = index << (2 * level);
    const std::size_t last = std::min(lane_.size(), (index + 1) << (2 * level)) - 1;
    const double from = x(lane_.start_ps(first));
    const double to = x(lane_.end_ps(last));
    if (to < 0 || from >= scale_.width) {
      return;
    }
    if (level == 0) {
      slice(index, from, to);
    } else if (to - from <= 1 && level <= lane_.levels()) {
      const Cell& cell = lane_.level(level)[index];
      deposit(from, to, static_cast<double>(cell.busy_ps) * pixels_per_ps_, cell.name);
    } else {
      descend(level - 1, index * Lane::kFan, last);
    }
  }

  void descend(std::size_t level, std::size_t index, std::size_t last) {
    for (std::size_t i = index; i < index + Lane::kFan && i <= last >> (2 * level); ++i) {
      visit(level, i);
    }
  }

  void slice(std::size_t index, double from, double to) {
    if (to - from >= 1) {
      geometry_.boxes.push_back({index, from, to});
    } else {
      deposit(from, to, to - from, lane_.name(index));
    }
  }

  // At most a pixel wide: one column or two share it.
  void deposit(double from, double to, double busy, std::uint32_t name) {
    const double border = std::floor(from) + 1;
    const double left = to <= border ? 1 : (border - from) / (to - from);
    add(std::floor(from), busy * left, name);
    if (left < 1) {
      add(border, busy * (1 - left), name);
    }
  }

  void add(double x, double busy, std::uint32_t name) {
    if (x < 0 || x >= static_cast<double>(geometry_.columns.size())) {
      return;
    }
    Column& column = geometry_.columns[static_cast<std::size_t>(x)];
    column.busy += busy;
    if (busy > column.dominant || column.name == 0) {
      column.dominant = busy;
      column.name = name;
    }
  }

  const Lane& lane_;
  Scale scale_;
  double pixels_per_ps_;
  LaneGeometry geometry_;
};

}  // namespace

LaneGeometry lane_geometry(const Lane& lane, const Scale& scale) {
  return Builder(lane, scale).build();
}

}  // namespace reticle::gui
