#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gui/model/time_range.h"

namespace reticle::gui {

// Some consecutive slices of a lane seen from afar.
struct Cell {
  std::int64_t busy_ps = 0;
  // Boyer-Moore vote by time: a name with more than half of busy_ps is always `name`.
  std::int64_t surplus_ps = 0;
  std::uint32_t name = 0;

  void add(std::uint32_t other_name, std::int64_t weight_ps, std::int64_t other_busy_ps);
};

// The slices of one depth of one track, as columns in order of time, none overlapping; slice i has
// number i in the file. Above them a pyramid: cell j of level k sums slices [j 4^k, (j+1) 4^k).
class Lane {
 public:
  static constexpr std::size_t kFan = 4;

  // `start_ps` is at least end_ps of the slice before.
  void append(std::int64_t start_ps, std::int64_t duration_ps, std::uint32_t name);
  void reserve(std::size_t slices);
  // Brings the pyramid up to the last slice; costs as much as what was appended since the last
  // call.
  void build();

  std::size_t size() const { return start_ps_.size(); }
  std::int64_t start_ps(std::size_t i) const { return start_ps_[i]; }
  std::int64_t duration_ps(std::size_t i) const { return duration_ps_[i]; }
  std::int64_t end_ps(std::size_t i) const { return start_ps_[i] + duration_ps_[i]; }
  std::uint32_t name(std::size_t i) const { return name_[i]; }
  std::int64_t last_ps() const { return size() == 0 ? 0 : end_ps(size() - 1); }

  // The first slice that ends after `time_ps`, or starts at it or later; size() if none does.
  std::size_t first_after(std::int64_t time_ps) const;
  // The slice around `time_ps`; size() if the lane is idle then.
  std::size_t at(std::int64_t time_ps) const;

  // Levels count from 1.
  std::size_t levels() const { return levels_.size(); }
  const std::vector<Cell>& level(std::size_t k) const { return levels_[k - 1]; }

  // Time of `range` covered by slices.
  std::int64_t busy_ps(const TimeRange& range) const;

 private:
  std::vector<std::int64_t> start_ps_;
  std::vector<std::int64_t> duration_ps_;
  std::vector<std::uint32_t> name_;
  std::vector<std::vector<Cell>> levels_;
  std::size_t built_ = 0;  // slices in the pyramid
};

}  // namespace reticle::gui
