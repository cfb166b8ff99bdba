#include "gui/model/trace_data.h"

#include <algorithm>

#include "schema/errors.h"

namespace reticle::gui {
namespace {

class Loading {
 public:
  Loading(trace::Reader& reader, const LaneIndex& index) : reader_(reader), index_(index) {
    data_.lanes.resize(index.size());
    data_.series.resize(reader.summary().counters.size());
    if (!reader.notice().empty()) {
      data_.warnings.push_back(reader.notice());
    }
  }

  TraceData run(const Progress& progress) {
    try {
      read(progress);
    } catch (const Error& error) {
      data_.warnings.emplace_back(error.what());
    }
    const std::int64_t end_ps = whole_range(reader_.summary()).to_ps;
    std::for_each(data_.lanes.begin(), data_.lanes.end(), [](Lane& lane) { lane.build(); });
    std::for_each(data_.series.begin(), data_.series.end(),
                  [end_ps](Series& series) { series.build(end_ps); });
    warn(clipped_, "slices start before the slice before them ends; they are drawn from its end");
    warn(lost_, "rows are of lanes or numbers the index does not know; they are left out");
    warn(early_, "counter samples are not later than the one before; they are left out");
    return std::move(data_);
  }

 private:
  void read(const Progress& progress) {
    const auto& chunks = reader_.summary().chunks;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      if (progress && !progress(static_cast<double>(i) / static_cast<double>(chunks.size()))) {
        data_.warnings.emplace_back("loading was cancelled; what was read until then is shown");
        return;
      }
      if (chunks[i].kind() == rtrace::CHUNK_KIND_SLICES) {
        add(reader_.slices(chunks[i]));
      } else if (chunks[i].kind() == rtrace::CHUNK_KIND_SAMPLES) {
        add(reader_.samples(chunks[i]));
      } else if (chunks[i].kind() == rtrace::CHUNK_KIND_FLOWS) {
        const auto flows = reader_.flows(chunks[i]);
        data_.flows.insert(data_.flows.end(), flows.begin(), flows.end());
      }
    }
  }

  void add(const trace::SliceBlock& block) {
    for (const trace::LaneRows& rows : block.lanes) {
      const std::size_t at = index_.lane(rows.track, rows.depth);
      if (at == index_.size() || rows.first != data_.lanes[at].size()) {
        lost_ += rows.end - rows.begin;
        continue;
      }
      for (std::size_t i = rows.begin; i < rows.end; ++i) {
        append(data_.lanes[at], block.start_ps[i], block.duration_ps[i], block.name[i].value);
      }
    }
  }

  void append(Lane& lane, std::int64_t start_ps, std::int64_t duration_ps, std::uint32_t name) {
    const std::int64_t from = std::max(start_ps, lane.last_ps());
    const std::int64_t to = std::max(start_ps + duration_ps, from);
    clipped_ += from != start_ps ? 1 : 0;
    lane.append(from, to - from, name);
  }

  void add(const trace::SampleBlock& block) {
    for (const trace::CounterRows& rows : block.counters) {
      Series& series = data_.series[rows.counter.value - 1];
      for (std::size_t i = rows.begin; i < rows.end; ++i) {
        if (series.size() > 0 && block.time_ps[i] <= series.time_ps(series.size() - 1)) {
          ++early_;
        } else {
          series.append(block.time_ps[i], block.value[i]);
        }
      }
    }
  }

  void warn(std::size_t count, const char* what) {
    if (count > 0) {
      data_.warnings.push_back(std::to_string(count) + " " + what);
    }
  }

  trace::Reader& reader_;
  const LaneIndex& index_;
  TraceData data_;
  std::size_t clipped_ = 0;
  std::size_t lost_ = 0;
  std::size_t early_ = 0;
};

}  // namespace

LaneIndex::LaneIndex(const trace::Summary& summary) {
  for (std::size_t i = 0; i < summary.tracks.size(); ++i) {
    first_.push_back(track_.size());
    const std::size_t depths =
        i < summary.totals.tracks.size() ? summary.totals.tracks[i].depths : 0;
    track_.insert(track_.end(), depths, trace::TrackId{static_cast<std::uint32_t>(i + 1)});
  }
  first_.push_back(track_.size());
}

std::size_t LaneIndex::depths(trace::TrackId track) const {
  return first_[track.value] - first_[track.value - 1];
}

std::size_t LaneIndex::lane(trace::TrackId track, std::uint32_t depth) const {
  return depth < depths(track) ? first_[track.value - 1] + depth : size();
}

std::uint32_t LaneIndex::depth(std::size_t lane) const {
  return static_cast<std::uint32_t>(lane - first_[track_[lane].value - 1]);
}

TraceData load(trace::Reader& reader, const LaneIndex& index, const Progress& progress) {
  return Loading(reader, index).run(progress);
}

TimeRange whole_range(const trace::Summary& summary) {
  const trace::Span& span = summary.totals.span;
  if (span.empty) {
    return {};
  }
  return {span.first_ps, std::max(span.last_ps, span.first_ps + 1)};
}

std::string track_path(const trace::Summary& summary, trace::TrackId track) {
  const trace::Track& it = summary.track(track);
  return it.parent.value == 0 ? it.name : track_path(summary, it.parent) + "/" + it.name;
}

}  // namespace reticle::gui
