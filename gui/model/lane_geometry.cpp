#include "gui/model/lane_geometry.h"

#include <algorithm>
#include <cmath>

namespace reticle::gui {
namespace {

class Builder {
 public:
  Builder(const Lane& lane, const Scale& scale, LaneGeometry& out)
      : lane_(lane), scale_(scale), pixels_per_ps_(1 / scale.ps_per_pixel()), geometry_(out) {
    geometry_.boxes.clear();
    geometry_.columns.assign(static_cast<std::size_t>(std::ceil(scale.width)), Column());
  }

  void build() {
    if (lane_.size() > 0) {
      visit({lane_.levels() + 1, 0, x(lane_.start_ps(0)), x(lane_.last_ps())});
    }
  }

 private:
  // Cell `index` of `level`, from its first slice to where the next cell begins; level 0 is a
  // slice, the level above all is the whole lane.
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
      const Level& level = lane_.level(cell.level);
      deposit(cell.from, cell.to, static_cast<double>(level.busy_ps[cell.index]) * pixels_per_ps_,
              level.name[cell.index]);
    } else {
      descend(cell);
    }
  }

  void descend(const Visit& cell) {
    const std::size_t level = cell.level - 1;
    const std::size_t cells = level == 0 ? lane_.size() : lane_.level(level).size();
    const std::size_t stop = std::min((cell.index + 1) * Lane::kFan, cells);
    double from = cell.from;
    for (std::size_t child = cell.index * Lane::kFan; child < stop; ++child) {
      const double to = child + 1 == stop ? cell.to : x(lane_.cell_start_ps(level, child + 1));
      visit({level, child, from, to});
      if (to >= scale_.width) {
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
    const auto column = static_cast<std::ptrdiff_t>(from + 1) - 1;  // from is above -1
    const auto border = static_cast<double>(column + 1);
    if (to <= border) {
      add(column, busy, name);
    } else {
      const double left = busy * ((border - from) / (to - from));
      add(column, left, name);
      add(column + 1, busy - left, name);
    }
  }

  void add(std::ptrdiff_t x, double busy, std::uint32_t name) {
    if (x < 0 || x >= static_cast<std::ptrdiff_t>(geometry_.columns.size())) {
      return;
    }
    Column& column = geometry_.columns[static_cast<std::size_t>(x)];
    const auto share = static_cast<float>(busy);
    column.busy += share;
    if (share > column.dominant || column.name == 0) {
      column.dominant = share;
      column.name = name;
    }
  }

  const Lane& lane_;
  Scale scale_;
  double pixels_per_ps_;
  LaneGeometry& geometry_;
};

}  // namespace

LaneGeometry lane_geometry(const Lane& lane, const Scale& scale) {
  LaneGeometry out;
  lane_geometry(lane, scale, out);
  return out;
}

void lane_geometry(const Lane& lane, const Scale& scale, LaneGeometry& out) {
  Builder(lane, scale, out).build();
}

}  // namespace reticle::gui
