#include "gui/model/series.h"

#include <algorithm>

namespace reticle::gui {

struct Series::Sum {
  Extent extent;
  double integral = 0;

  void add(const Cell& cell, double weighted) {
    extent.min = extent.empty ? cell.min : std::min(extent.min, cell.min);
    extent.max = extent.empty ? cell.max : std::max(extent.max, cell.max);
    extent.empty = false;
    integral += weighted;
  }
};

void Series::append(std::int64_t time_ps, double value) {
  time_ps_.push_back(time_ps);
  value_.push_back(value);
}

Series::Cell Series::sample(std::size_t i) const {
  return {value_[i], value_[i], value_[i] * static_cast<double>(until_ps(i) - time_ps_[i])};
}

void Series::build(std::int64_t end_ps) {
  end_ps_ = size() == 0 ? end_ps : std::max(end_ps, time_ps_.back());
  levels_.clear();
  std::size_t below = size();
  while (below > kFan) {
    std::vector<Cell> cells((below + kFan - 1) / kFan);
    for (std::size_t i = 0; i < below; ++i) {
      const Cell part = levels_.empty() ? sample(i) : levels_.back()[i];
      Cell& cell = cells[i / kFan];
      cell.min = i % kFan == 0 ? part.min : std::min(cell.min, part.min);
      cell.max = i % kFan == 0 ? part.max : std::max(cell.max, part.max);
      cell.integral += part.integral;
    }
    below = cells.size();
    levels_.push_back(std::move(cells));
  }
}

std::size_t Series::at(std::int64_t time_ps) const {
  const auto later = std::upper_bound(time_ps_.begin(), time_ps_.end(), time_ps);
  const auto i = static_cast<std::size_t>(later - time_ps_.begin());
  return i > 0 && time_ps < end_ps_ ? i - 1 : size();
}

void Series::add_whole(std::size_t from, std::size_t to, Sum& sum) const {
  while (from < to) {
    std::size_t level = 0;
    std::size_t step = 1;
    while (level < levels_.size() && from % (step * kFan) == 0 && from + step * kFan <= to) {
      step *= kFan;
      ++level;
    }
    const Cell cell = level == 0 ? sample(from) : levels_[level - 1][from / step];
    sum.add(cell, cell.integral);
    from += step;
  }
}

Extent Series::extent(const TimeRange& range) const {
  if (size() == 0) {
    return {};
  }
  const TimeRange within{std::max(range.from_ps, time_ps_.front()), std::min(range.to_ps, end_ps_)};
  if (within.length_ps() <= 0) {
    return {};
  }
  const std::size_t first = at(within.from_ps);
  const std::size_t last = at(within.to_ps - 1);
  Sum sum;
  const auto add_part = [&](std::size_t i) {
    const std::int64_t from = std::max(within.from_ps, time_ps_[i]);
    const std::int64_t to = std::min(within.to_ps, until_ps(i));
    sum.add(sample(i), value_[i] * static_cast<double>(to - from));
  };
  add_part(first);
  add_whole(first + 1, last, sum);
  if (last > first) {
    add_part(last);
  }
  sum.extent.mean = sum.integral / static_cast<double>(within.length_ps());
  return sum.extent;
}

}  // namespace reticle::gui
