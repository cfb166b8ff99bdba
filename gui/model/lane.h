#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gui/model/time_range.h"

namespace reticle::gui {

// Consecutive slices that are being summed.
struct CellSum {
  std::int64_t start_ps = 0;
  std::int64_t busy_ps = 0;
  // Boyer-Moore vote by time: a name with more than half of busy_ps is always `name`.
  std::int64_t surplus_ps = 0;
  std::uint32_t name = 0;
  std::uint32_t parts = 0;

  void add(const CellSum& part);
};

// Cells of one level as columns: so a walk along them reads memory in order.
struct Level {
  std::vector<std::int64_t> start_ps;
  std::vector<std::int64_t> busy_ps;
  std::vector<std::uint32_t> name;

  std::size_t size() const { return start_ps.size(); }
  void push(const CellSum& sum);
  void pop();
  void reserve(std::size_t cells);
};

// The slices of one depth of one track, as columns in order of time, none overlapping; slice i has
// number i in the file. Above them a pyramid: cell j of level k sums slices [j 4^k, (j+1) 4^k).
class Lane {
 public:
  static constexpr std::size_t kFan = 4;

  // `start_ps` is at least end_ps of the slice before.
  void append(std::int64_t start_ps, std::int64_t duration_ps, std::uint32_t name);
  void reserve(std::size_t slices);
  // Brings the pyramid up to the last slice; costs what was appended since the last call.
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

  // Levels count from 1; that above the last would have a single cell.
  std::size_t levels() const { return shown_levels_; }
  const Level& level(std::size_t k) const { return levels_[k - 1]; }
  // Where cell `i` of level `k` begins; level 0 is the slices.
  std::int64_t cell_start_ps(std::size_t k, std::size_t i) const {
    return k == 0 ? start_ps_[i] : levels_[k - 1].start_ps[i];
  }

  // Time of `range` covered by slices.
  std::int64_t busy_ps(const TimeRange& range) const;

 private:
  std::vector<std::int64_t> start_ps_;
  std::vector<std::int64_t> duration_ps_;
  std::vector<std::uint32_t> name_;
  void add_to_level(std::size_t k, const CellSum& part);
  void drop_unfinished();
  void add_unfinished();

  std::vector<Level> levels_;
  std::vector<CellSum> open_;     // by level: what its next cell has so far
  std::vector<bool> unfinished_;  // by level: its last cell stands for open_
  std::size_t shown_levels_ = 0;
  std::size_t built_ = 0;  // slices in the pyramid
};

}  // namespace reticle::gui
