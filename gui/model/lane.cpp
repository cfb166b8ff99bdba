#include "gui/model/lane.h"

#include <algorithm>

namespace reticle::gui {

void Cell::add(std::uint32_t other_name, std::int64_t weight_ps, std::int64_t other_busy_ps) {
  if (busy_ps == 0) {  // nothing yet, or instants only
    name = other_name;
    surplus_ps = weight_ps;
  } else if (other_name == name) {
    surplus_ps += weight_ps;
  } else if (weight_ps > surplus_ps) {
    name = other_name;
    surplus_ps = weight_ps - surplus_ps;
  } else {
    surplus_ps -= weight_ps;
  }
  busy_ps += other_busy_ps;
}

void Lane::append(std::int64_t start_ps, std::int64_t duration_ps, std::uint32_t name) {
  start_ps_.push_back(start_ps);
  duration_ps_.push_back(duration_ps);
  name_.push_back(name);
}

void Lane::reserve(std::size_t slices) {
  start_ps_.reserve(slices);
  duration_ps_.reserve(slices);
  name_.reserve(slices);
}

void Lane::build() {
  std::size_t whole = built_;  // entries of the level below that are in its cells
  std::size_t below = size();
  for (std::size_t k = 0; below > kFan; ++k) {
    if (k == levels_.size()) {
      levels_.emplace_back();
    }
    std::vector<Cell>& cells = levels_[k];
    const std::size_t kept =
        std::min(whole / kFan, cells.size());  // the last may have been partial
    cells.resize(kept);
    cells.resize((below + kFan - 1) / kFan);
    for (std::size_t i = kept * kFan; i < below; ++i) {
      if (k == 0) {
        cells[i / kFan].add(name_[i], duration_ps_[i], duration_ps_[i]);
      } else {
        const Cell& part = levels_[k - 1][i];
        cells[i / kFan].add(part.name, part.surplus_ps, part.busy_ps);
      }
    }
    below = cells.size();
    whole = kept;
  }
  built_ = size();
}

std::size_t Lane::first_after(std::int64_t time_ps) const {
  const auto later = std::upper_bound(start_ps_.begin(), start_ps_.end(), time_ps);
  auto i = static_cast<std::size_t>(later - start_ps_.begin());
  while (i > 0 && (end_ps(i - 1) > time_ps || start_ps_[i - 1] == time_ps)) {
    --i;  // at most the one around time_ps and those of no duration at it
  }
  return i;
}

std::size_t Lane::at(std::int64_t time_ps) const {
  const std::size_t i = first_after(time_ps);
  return i < size() && start_ps_[i] <= time_ps ? i : size();
}

std::int64_t Lane::busy_ps(const TimeRange& range) const {
  std::size_t i = first_after(range.from_ps);
  const auto stop = static_cast<std::size_t>(
      std::lower_bound(start_ps_.begin(), start_ps_.end(), range.to_ps) - start_ps_.begin());
  if (i >= stop) {
    return 0;
  }
  std::int64_t busy = -std::max<std::int64_t>(0, range.from_ps - start_ps_[i]) -
                      std::max<std::int64_t>(0, end_ps(stop - 1) - range.to_ps);
  while (i < stop) {
    std::size_t level = 0;
    std::size_t step = 1;
    while (level < levels_.size() && i % (step * kFan) == 0 && i + step * kFan <= stop) {
      step *= kFan;
      ++level;
    }
    busy += level == 0 ? duration_ps_[i] : levels_[level - 1][i / step].busy_ps;
    i += step;
  }
  return busy;
}

}  // namespace reticle::gui
