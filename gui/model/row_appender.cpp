#include "gui/model/row_appender.h"

#include <algorithm>
#include <string>

#include "gui/model/slice_args.h"

namespace reticle::gui {
namespace {

constexpr std::uintmax_t kLeastBytesOfRow = 3;  // gap, duration, name

}  // namespace

RowAppender::RowAppender(Contents& contents) : contents_(contents), grown_(contents.index.size()) {}

void RowAppender::reserve(std::uintmax_t file_bytes) {
  for (std::size_t lane = 0; lane < contents_.index.size(); ++lane) {
    const trace::TrackId track = contents_.index.track(lane);
    if (contents_.index.depths(track) == 1) {
      const std::uint64_t promised = contents_.summary.totals.tracks[track.value - 1].slices;
      contents_.data.lanes[lane].reserve(
          std::min<std::uint64_t>(promised, file_bytes / kLeastBytesOfRow));
    }
  }
}

void RowAppender::add(const trace::SliceBlock& block) {
  const std::size_t none = contents_.index.size();
  std::vector<std::size_t> lane_of(block.lanes.size(), none);
  for (std::size_t r = 0; r < block.lanes.size(); ++r) {
    const trace::LaneRows& rows = block.lanes[r];
    const std::size_t at = contents_.index.lane(rows.track, rows.depth);
    if (at == none || rows.first != contents_.data.lanes[at].size()) {
      lost_ += rows.end - rows.begin;
      continue;
    }
    lane_of[r] = at;
    grown_[at] = true;
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      append(at, block.start_ps[i], block.duration_ps[i], block.name[i].value);
    }
  }
  add_args(block, lane_of);
}

void RowAppender::append(std::size_t at, std::int64_t start_ps, std::int64_t duration_ps,
                         std::uint32_t name) {
  Lane& lane = contents_.data.lanes[at];
  const std::int64_t from = std::max(start_ps, lane.last_ps());
  const std::int64_t to = std::max(start_ps + duration_ps, from);
  clipped_ += from != start_ps ? 1 : 0;
  lane.append(from, to - from, name);
}

// Rows of a column ascend, and so do those of the lanes.
void RowAppender::add_args(const trace::SliceBlock& block,
                           const std::vector<std::size_t>& lane_of) {
  for (const trace::ArgColumn& column : block.args) {
    std::size_t r = 0;
    for (std::size_t i = 0; i < column.rows.size(); ++i) {
      while (column.rows[i] >= block.lanes[r].end) {
        ++r;
      }
      if (lane_of[r] < contents_.index.size()) {
        const std::size_t slice = block.lanes[r].first + (column.rows[i] - block.lanes[r].begin);
        append_arg(contents_.data.args[lane_of[r]], column.key, slice, value_of(column, i));
      }
    }
  }
}

void RowAppender::add(const trace::SampleBlock& block) {
  for (const trace::CounterRows& rows : block.counters) {
    Series& series = contents_.data.series[rows.counter.value - 1];
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      if (series.size() > 0 && block.time_ps[i] <= series.time_ps(series.size() - 1)) {
        ++early_;
      } else {
        series.append(block.time_ps[i], block.value[i]);
      }
    }
  }
}

void RowAppender::add(const std::vector<trace::Flow>& flows) {
  contents_.data.flows.insert(contents_.data.flows.end(), flows.begin(), flows.end());
}

void RowAppender::build() {
  for (std::size_t lane = 0; lane < grown_.size(); ++lane) {
    if (grown_[lane]) {
      contents_.data.lanes[lane].build();
      grown_[lane] = false;
    }
  }
}

void RowAppender::finish() {
  build();
  const std::int64_t end_ps = whole_range(contents_.summary).to_ps;
  for (Series& series : contents_.data.series) {
    series.build(end_ps);
  }
  warn(clipped_, "slices start before the slice before them ends; they are drawn from its end");
  warn(lost_, "rows are of lanes or numbers the index does not know; they are left out");
  warn(early_, "counter samples are not later than the one before; they are left out");
}

void RowAppender::warn(std::size_t count, const char* what) {
  if (count > 0) {
    contents_.data.warnings.push_back(std::to_string(count) + " " + what);
  }
}

}  // namespace reticle::gui
