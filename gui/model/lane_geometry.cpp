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
      visit({lane_.levels() + 1, 0, x(lane_.start_ps(0)), x(lane_.last_ps())});
    }
    return std::move(geometry_);
  }

 private:
  // Cell `index` of `level`, from its first slice to where the next cell begins (one look-up a cell
  // into memory that is not in cache); level 0 is a slice, the level above all is the whole lane.
  struct Visit {
    std::size_t level;
    std::size_t index;
    double from;
    double to;
  };

  double x(std::int64_t time_ps) const {
    return static_cast<double>(time_ps - scale_.range.from_ps) * pixels_per_ps_;
  }

  void visit(const Visit& cell) {
    if (cell.to < 0 || cell.from >= scale_.width) {
      return;
    }
    if (cell.level == 0) {
      slice(cell.index, cell.from);
    } else if (cell.to - cell.from <= 1 && cell.level <= lane_.levels()) {
      const Cell& sum = lane_.level(cell.level)[cell.index];
      deposit(cell.from, cell.to, static_cast<double>(sum.busy_ps) * pixels_per_ps_, sum.name);
    } else {
      descend(cell);
    }
  }

  void descend(const Visit& cell) {
    const std::size_t level = cell.level - 1;
    double from = cell.from;
    for (std::size_t child = cell.index * Lane::kFan; child < (cell.index + 1) * Lane::kFan;
         ++child) {
      const std::size_t next = (child + 1) << (2 * level);
      const bool last = next >= lane_.size() || child + 1 == (cell.index + 1) * Lane::kFan;
      const double to = last ? cell.to : x(lane_.start_ps(next));
      visit({level, child, from, to});
      if (next >= lane_.size() || to >= scale_.width) {
        return;
      }
      from = to;
    }
  }

  void slice(std::size_t index, double from) {
    const double to = from + static_cast<double>(lane_.duration_ps(index)) * pixels_per_ps_;
    if (to - from >= 1) {
      if (to >= 0) {
        geometry_.boxes.push_back({index, from, to});
      }
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
