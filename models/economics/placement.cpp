#include "models/economics/placement.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <utility>

namespace reticle::economics {
namespace {

// A corner counts as inside when rounding alone has put it outside (relative to the radius).
constexpr double kRounding = 1e-9;

// Rows of dies looked at before the search thins its offsets (a second or so; reached below 1.3
// mm).
constexpr double kMostRows = 2e8;

struct Offset {
  double x = 0;
  double y = 0;
};

class Search {
 public:
  explicit Search(const WaferGrid& grid)
      : width_(grid.die_width),
        height_(grid.die_height),
        pitch_x_(grid.die_width + grid.scribe),
        pitch_y_(grid.die_height + grid.scribe),
        radius_(grid.wafer_diameter / 2 - grid.edge_exclusion),
        floor_(std::max(-radius_, grid.notch - grid.wafer_diameter / 2)) {}

  std::vector<DiePosition> best() {
    if (radius_ <= 0) {
      return {};
    }
    const double rows = 2 * radius_ / pitch_y_;
    const double chords = 16 * rows * 2 * radius_ / pitch_x_;
    step_ = std::max(1.0, std::ceil(std::sqrt(chords * rows / kMostRows)));
    // Two corners on the circle are the ends of a chord. Mirror images of a wafer hold as many
    // dies, so chords that rise to the right with the centre on their right are all there is to
    // try.
    for (const double corner_x : {0.0, width_}) {
      for (const double corner_y : {0.0, height_}) {
        for (const double dx : spans(pitch_x_, corner_x, width_)) {
          for (const double dy : spans(pitch_y_, corner_y, height_)) {
            try_chord(dx, dy, {corner_x, corner_y});
          }
        }
      }
    }
    if (floor_ > -radius_) {
      try_rows_on_floor();
    }
    return positions(best_offset_);
  }

 private:
  // Distances along one axis from a corner at 0 or `side` of its die to corners further on.
  std::vector<double> spans(double pitch, double corner, double side) const {
    std::vector<double> spans;
    const double diameter = 2 * radius_;
    for (double n = 0; n * pitch - corner <= diameter; n += step_) {
      for (const double span : {n * pitch - corner, n * pitch + side - corner}) {
        if (span >= 0 && span <= diameter) {
          spans.push_back(span);
        }
      }
    }
    return spans;
  }

  // `corner` is where on its die the chord's lower end is.
  void try_chord(double dx, double dy, Offset corner) {
    const double length = std::sqrt(dx * dx + dy * dy);
    if (length == 0 || length > 2 * radius_ * (1 + kRounding)) {
      return;
    }
    const double half = std::min(1.0, length / 2 / radius_);
    const double distance = radius_ * std::sqrt(1 - half * half);
    const Offset offset = {-dx / 2 - distance * dy / length - corner.x,
                           -dy / 2 + distance * dx / length - corner.y};
    try_offset(offset);
    if (floor_ > -radius_) {  // upside down is another wafer then
      try_offset({offset.x, -offset.y - height_});
    }
  }

  // A row stands on the notch's strip, and a corner of some row touches the circle.
  void try_rows_on_floor() {
    for (double low = floor_; low + height_ <= radius_; low += pitch_y_) {
      for (const double y : {low, low + height_}) {
        const double reach = std::sqrt(std::max(0.0, radius_ * radius_ - y * y));
        try_offset({-reach, floor_});
        try_offset({reach - width_, floor_});
      }
    }
  }

  void try_offset(Offset offset) {
    const long count = dies(offset);
    if (count > best_count_) {
      best_count_ = count;
      best_offset_ = offset;
    }
  }

  // Dies of one line of the grid that fit between -reach and reach: first to last index.
  struct Line {
    long first;
    long last;
    long count() const { return std::max(0L, last - first + 1); }
  };
  Line line(double reach, double offset, double pitch, double side) const {
    const double slack = radius_ * kRounding;
    return {static_cast<long>(std::ceil((-reach - slack - offset) / pitch)),
            static_cast<long>(std::floor((reach + slack - side - offset) / pitch))};
  }

  Line rows(Offset offset) const {
    Line all = line(radius_, offset.y, pitch_y_, height_);
    const double slack = radius_ * kRounding;
    all.first =
        std::max(all.first, static_cast<long>(std::ceil((floor_ - slack - offset.y) / pitch_y_)));
    return all;
  }
  Line row(Offset offset, long index) const {
    const double low = offset.y + static_cast<double>(index) * pitch_y_;
    const double far = std::min(radius_, std::max(std::abs(low), std::abs(low + height_)));
    return line(std::sqrt(radius_ * radius_ - far * far), offset.x, pitch_x_, width_);
  }

  long dies(Offset offset) const {
    long count = 0;
    const Line all = rows(offset);
    for (long i = all.first; i <= all.last; ++i) {
      count += row(offset, i).count();
    }
    return count;
  }

  std::vector<DiePosition> positions(Offset offset) const {
    std::vector<DiePosition> dies;
    const Line all = rows(offset);
    for (long i = all.first; i <= all.last; ++i) {
      const Line here = row(offset, i);
      for (long j = here.first; j <= here.last; ++j) {
        dies.push_back({offset.x + static_cast<double>(j) * pitch_x_ + width_ / 2,
                        offset.y + static_cast<double>(i) * pitch_y_ + height_ / 2});
      }
    }
    return dies;
  }

  double width_;
  double height_;
  double pitch_x_;
  double pitch_y_;
  double radius_;
  double floor_;  // lowest usable y
  double step_ = 1;
  long best_count_ = 0;
  Offset best_offset_;
};

}  // namespace

std::vector<DiePosition> place_dies(const WaferGrid& grid) {
  if (!(grid.die_width > 0 && grid.die_height > 0 && grid.scribe >= 0 && grid.edge_exclusion >= 0 &&
        grid.notch >= 0)) {
    throw std::domain_error("place_dies: lengths must be positive");
  }
  return Search(grid).best();
}

std::vector<DiePosition> partial_dies(const WaferGrid& grid,
                                      const std::vector<DiePosition>& whole) {
  if (whole.empty()) {
    return {};
  }
  const double pitch_x = grid.die_width + grid.scribe;
  const double pitch_y = grid.die_height + grid.scribe;
  const double radius = grid.wafer_diameter / 2;
  const auto index = [](double distance, double pitch) { return std::lround(distance / pitch); };
  const DiePosition origin = whole.front();
  std::set<std::pair<long, long>> taken;
  for (const DiePosition& die : whole) {
    taken.insert({index(die.y - origin.y, pitch_y), index(die.x - origin.x, pitch_x)});
  }
  std::vector<DiePosition> partial;
  const long rows = index(2 * grid.wafer_diameter, pitch_y);
  const long columns = index(2 * grid.wafer_diameter, pitch_x);
  for (long row = -rows; row <= rows; ++row) {
    for (long column = -columns; column <= columns; ++column) {
      const DiePosition die = {origin.x + static_cast<double>(column) * pitch_x,
                               origin.y + static_cast<double>(row) * pitch_y};
      const double near_x = std::max(0.0, std::abs(die.x) - grid.die_width / 2);
      const double near_y = std::max(0.0, std::abs(die.y) - grid.die_height / 2);
      if (taken.count({row, column}) == 0 && std::hypot(near_x, near_y) < radius) {
        partial.push_back(die);
      }
    }
  }
  return partial;
}

FieldPlan plan_fields(const WaferGrid& grid, const std::vector<DiePosition>& dies,
                      double field_width, double field_height) {
  const double slack = grid.wafer_diameter * kRounding;
  const auto fit = [&](double field, double side) {  // one half street on either side is shared
    return static_cast<int>(std::floor((field + grid.scribe + slack) / (side + grid.scribe)));
  };
  FieldPlan plan;
  plan.columns = fit(field_width, grid.die_width);
  plan.rows = fit(field_height, grid.die_height);
  if (plan.columns < 1 || plan.rows < 1) {
    return {};
  }
  plan.utilisation =
      plan.columns * plan.rows * grid.die_width * grid.die_height / field_width / field_height;
  for (int x = 0; x < plan.columns; ++x) {
    for (int y = 0; y < plan.rows; ++y) {
      std::set<std::pair<long, long>> fields;
      for (const DiePosition& die : dies) {
        const long column = std::lround((die.x - dies[0].x) / (grid.die_width + grid.scribe));
        const long row = std::lround((die.y - dies[0].y) / (grid.die_height + grid.scribe));
        fields.insert({std::lround(std::floor(static_cast<double>(column + x) / plan.columns)),
                       std::lround(std::floor(static_cast<double>(row + y) / plan.rows))});
      }
      const int exposures = static_cast<int>(fields.size());
      plan.exposures = plan.exposures == 0 ? exposures : std::min(plan.exposures, exposures);
    }
  }
  return plan;
}

}  // namespace reticle::economics
