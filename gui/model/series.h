#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "gui/model/time_range.h"

namespace reticle::gui {

struct Extent {
  double min = 0;
  double max = 0;
  double mean = 0;  // by time
  bool empty = true;
};

// A counter: values that hold until the next one, and a pyramid of their least, greatest and
// integral. Before the first sample there is no value; the last holds to `end_ps`.
class Series {
 public:
  static constexpr std::size_t kFan = 4;

  void append(std::int64_t time_ps, double value);
  // To be called once after the last append.
  void build(std::int64_t end_ps);

  std::size_t size() const { return time_ps_.size(); }
  std::int64_t time_ps(std::size_t i) const { return time_ps_[i]; }
  double value(std::size_t i) const { return value_[i]; }
  std::int64_t until_ps(std::size_t i) const { return i + 1 < size() ? time_ps_[i + 1] : end_ps_; }

  // The sample that holds at `time_ps`; size() if none does.
  std::size_t at(std::int64_t time_ps) const;
  // Of the values that hold within `range`, in O(log n).
  Extent extent(const TimeRange& range) const;

 private:
  struct Cell {
    double min = 0;
    double max = 0;
    double integral = 0;  // value times picoseconds
  };
  struct Sum;

  Cell sample(std::size_t i) const;
  void add_whole(std::size_t from, std::size_t to, Sum& sum) const;

  std::vector<std::int64_t> time_ps_;
  std::vector<double> value_;
  std::int64_t end_ps_ = 0;
  std::vector<std::vector<Cell>> levels_;
};

}  // namespace reticle::gui
