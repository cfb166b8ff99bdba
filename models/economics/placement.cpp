#include "models/economics/placement.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

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
        radius_(grid.wafer_diameter / 2 - grid.edge_exclusion) {}

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
    try_offset(
        {-dx / 2 - distance * dy / length - corner.x, -dy / 2 + distance * dx / length - corner.y});
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

  Line rows(Offset offset) const { return line(radius_, offset.y, pitch_y_, height_); }
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
  double step_ = 1;
  long best_count_ = 0;
  Offset best_offset_;
};

}  // namespace

std::vector<DiePosition> place_dies(const WaferGrid& grid) {
  if (!(grid.die_width > 0 && grid.die_height > 0 && grid.scribe >= 0 &&
        grid.edge_exclusion >= 0)) {
    throw std::domain_error("place_dies: lengths must be positive");
  }
  return Search(grid).best();
}

}  // namespace reticle::economics
