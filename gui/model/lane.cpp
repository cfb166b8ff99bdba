#include "gui/model/lane.h"

#include <algorithm>

namespace reticle::gui {

void CellSum::add(const CellSum& part) {
  if (parts == 0) {
    start_ps = part.start_ps;
  }
  if (busy_ps == 0) {  // nothing yet, or instants only
    name = part.name;
    surplus_ps = part.surplus_ps;
  } else if (part.name == name) {
    surplus_ps += part.surplus_ps;
  } else if (part.surplus_ps > surplus_ps) {
    name = part.name;
    surplus_ps = part.surplus_ps - surplus_ps;
  } else {
    surplus_ps -= part.surplus_ps;
  }
  busy_ps += part.busy_ps;
  ++parts;
}

void Level::push(const CellSum& sum) {
  start_ps.push_back(sum.start_ps);
  busy_ps.push_back(sum.busy_ps);
  name.push_back(sum.name);
}

void Level::pop() {
  start_ps.pop_back();
  busy_ps.pop_back();
  name.pop_back();
}

void Level::reserve(std::size_t cells) {
  start_ps.reserve(cells);
  busy_ps.reserve(cells);
  name.reserve(cells);
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
  drop_unfinished();
  for (; built_ < size(); ++built_) {
    add_to_level(0, {start_ps_[built_], duration_ps_[built_], duration_ps_[built_], name_[built_]});
  }
  add_unfinished();
  shown_levels_ = levels_.size();
  while (shown_levels_ > 0 && levels_[shown_levels_ - 1].size() == 1) {
    --shown_levels_;
  }
}

// `part` is of the level below.
void Lane::add_to_level(std::size_t k, const CellSum& part) {
  if (k == levels_.size()) {
    levels_.emplace_back();
    levels_.back().reserve(start_ps_.capacity() >> (2 * (k + 1)));
    open_.emplace_back();
    unfinished_.push_back(false);
  }
  open_[k].add(part);
  if (open_[k].parts == kFan) {
    const CellSum whole = open_[k];
    open_[k] = {};
    levels_[k].push(whole);
    add_to_level(k + 1, whole);
  }
}

void Lane::drop_unfinished() {
  for (std::size_t k = 0; k < levels_.size(); ++k) {
    if (unfinished_[k]) {
      levels_[k].pop();
      unfinished_[k] = false;
    }
  }
}

// The last cell of a level: what is open there, and of the levels below.
void Lane::add_unfinished() {
  CellSum below;
  for (std::size_t k = 0; k < levels_.size(); ++k) {
    CellSum sum = open_[k];
    if (below.parts > 0) {
      sum.add(below);
    }
    if (sum.parts > 0) {
      levels_[k].push(sum);
      unfinished_[k] = true;
    }
    below = sum;
  }
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
    while (level < shown_levels_ && i % (step * kFan) == 0 && i + step * kFan <= stop) {
      step *= kFan;
      ++level;
    }
    busy += level == 0 ? duration_ps_[i] : levels_[level - 1].busy_ps[i / step];
    i += step;
  }
  return busy;
}

}  // namespace reticle::gui
