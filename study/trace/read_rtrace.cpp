#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

#include "sim/trace/reader.h"
#include "study/trace/recording_files.h"
#include "study/trace/recording_words.h"

namespace reticle::study {
namespace {

using traces::Category;
using traces::Details;
using traces::Recording;

template <class Int>
Int integer(const std::string& text) {
  Int out{};
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

std::array<std::uint32_t, 3> dims(const std::string& text) {
  std::array<std::uint32_t, 3> out{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::uint32_t& d : out) {
    at = std::from_chars(at, end, d).ptr;
    at += at < end ? 1 : 0;
  }
  return out;
}

class Import {
 public:
  explicit Import(const std::filesystem::path& path) : in_(path) {}

  Recording run() {
    const trace::Summary& summary = in_.summary();
    out_.source = "rtrace";
    out_.truncated = in_.notice();
    for (const auto& [key, value] : summary.properties) {
      property(key, value);
    }
    for (const std::string& text : summary.strings) {
      strings_.push_back(out_.strings.id(text));
    }
    for (std::size_t i = 0; i < summary.tracks.size(); ++i) {
      add_track(i);
    }
    in_.each_slices([this](const trace::SliceBlock& block) { slices(block); });
    sort();
    in_.each_flows([this](const std::vector<trace::Flow>& block) { flows(block); });
    std::sort(out_.flows.begin(), out_.flows.end(), [](const auto& a, const auto& b) {
      return std::tie(a.from, a.to, a.name) < std::tie(b.from, b.to, b.name);
    });
    samples();
    return std::move(out_);
  }

 private:
  struct Row {
    Details details;
    std::uint64_t correlation = 0;
    Category category = Category::kOther;
  };

  void property(const std::string& key, const std::string& value) {
    if (key == "source") {
      out_.source = value;
    } else if (key == "base_us") {
      out_.base_us = integer<std::uint64_t>(value);
    } else if (key == "rank") {
      out_.rank = integer<std::uint32_t>(value);
    } else if (key == "world_size") {
      out_.world_size = integer<std::uint32_t>(value);
    } else if (key == "device") {
      out_.device = value;
    }
  }

  // Roots, ranks and hosts are processes; all below are their tracks, and a track below a track
  // holds its overlaps.
  void add_track(std::size_t i) {
    const trace::Track& track = in_.summary().tracks[i];
    const bool root = track.parent.value == 0;
    const bool process =
        root || track.kind == rtrace::TRACK_KIND_RANK || track.kind == rtrace::TRACK_KIND_HOST;
    traces::Track own;
    if (process) {
      own.process = static_cast<std::uint32_t>(out_.processes.size());
      const bool device = track.kind != rtrace::TRACK_KIND_HOST;
      out_.processes.push_back({track.name, track.number, device});
    } else {
      const traces::Track& parent = tracks_[track.parent.value - 1];
      own.process = parent.process;
      own.name = track.name;
      const bool overflow = is_stream_or_thread(in_.summary().track(track.parent).kind);
      own.number = overflow ? parent.number : track.number;
      own.overlap = overflow ? static_cast<std::uint32_t>(track.number) : 0;
    }
    tracks_.push_back(own);
    ids_.push_back(traces::kNone);
    if (!process) {
      use(i);
    }
  }

  static bool is_stream_or_thread(rtrace::TrackKind kind) {
    return kind == rtrace::TRACK_KIND_STREAM || kind == rtrace::TRACK_KIND_THREAD;
  }

  // A process is a track too only if it has slices of its own.
  std::uint32_t use(std::size_t i) {
    if (ids_[i] == traces::kNone) {
      ids_[i] = static_cast<std::uint32_t>(out_.tracks.size());
      out_.tracks.push_back(tracks_[i]);
    }
    return ids_[i];
  }

  void slices(const trace::SliceBlock& block) {
    std::vector<Row> rows(block.name.size());
    for (const trace::LaneRows& lane : block.lanes) {
      const bool stream = in_.summary().track(lane.track).kind == rtrace::TRACK_KIND_STREAM &&
                          out_.source == "rtrace";
      for (std::size_t row = lane.begin; row < lane.end && stream; ++row) {
        rows[row].category = Category::kKernel;
      }
    }
    for (const trace::ArgColumn& column : block.args) {
      arguments(column, rows);
    }
    for (const trace::LaneRows& lane : block.lanes) {
      const std::uint32_t track = use(lane.track.value - 1);
      for (std::size_t row = lane.begin; row < lane.end; ++row) {
        traces::Slices& s = out_.slices;
        ordinals_.push_back(lane.first + (row - lane.begin));
        s.track.push_back(track);
        s.depth.push_back(lane.depth);
        s.start_ps.push_back(block.start_ps[row]);
        s.duration_ps.push_back(block.duration_ps[row]);
        s.name.push_back(strings_[block.name[row].value]);
        s.category.push_back(rows[row].category);
        s.correlation.push_back(rows[row].correlation);
        s.details.push_back(details_id(rows[row].details));
      }
    }
  }

  void arguments(const trace::ArgColumn& column, std::vector<Row>& rows) const {
    const std::string& key = in_.summary().text(column.key);
    const auto* numbers = std::get_if<std::vector<std::int64_t>>(&column.values);
    const auto* words = std::get_if<std::vector<trace::StringId>>(&column.values);
    for (std::size_t i = 0; i < column.rows.size(); ++i) {
      Row& row = rows[column.rows[i]];
      if (numbers != nullptr) {
        const auto value = static_cast<std::uint64_t>((*numbers)[i]);
        if (key == "correlation") {
          row.correlation = value;
        } else {
          number(key, value, row.details);
        }
      } else if (words != nullptr) {
        const trace::StringId value = (*words)[i];
        if (key == "category") {
          row.category = category_of(in_.summary().text(value));
        } else {
          word(key, value, row.details);
        }
      }
    }
  }

  static void number(const std::string& key, std::uint64_t value, Details& d) {
    const auto small = static_cast<std::uint32_t>(value);
    if (key == "registers") {
      d.registers = small;
    } else if (key == "shared_memory_bytes") {
      d.shared_memory_bytes = small;
    } else if (key == "bytes") {
      d.bytes = value;
    } else if (key == "group_size") {
      d.group_size = small;
    } else if (key == "in_elements") {
      d.in_elements = value;
    } else if (key == "out_elements") {
      d.out_elements = value;
    }
  }

  void word(const std::string& key, trace::StringId value, Details& d) const {
    if (key == "grid") {
      d.grid = dims(in_.summary().text(value));
    } else if (key == "block") {
      d.block = dims(in_.summary().text(value));
    } else if (key == "collective") {
      d.collective = strings_[value.value];
    } else if (key == "dtype") {
      d.dtype = strings_[value.value];
    } else if (key == "process_group") {
      d.process_group = strings_[value.value];
    }
  }

  std::uint32_t details_id(const Details& details) {
    const auto key =
        std::make_tuple(details.grid, details.block, details.registers, details.shared_memory_bytes,
                        details.bytes, details.collective, details.dtype, details.process_group,
                        details.group_size, details.in_elements, details.out_elements);
    const auto [known, added] =
        known_details_.emplace(key, static_cast<std::uint32_t>(out_.details.size()));
    if (added) {
      out_.details.push_back(details);
    }
    return known->second;
  }

  void sort() {
    traces::Slices from;
    std::swap(from, out_.slices);
    std::vector<std::uint32_t> order(from.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::tie(from.track[a], from.start_ps[a], from.depth[a], ordinals_[a]) <
             std::tie(from.track[b], from.start_ps[b], from.depth[b], ordinals_[b]);
    });
    traces::Slices& to = out_.slices;
    for (const std::uint32_t i : order) {
      by_lane_[{from.track[i], from.depth[i]}].push_back(static_cast<std::uint32_t>(to.size()));
      to.track.push_back(from.track[i]);
      to.depth.push_back(from.depth[i]);
      to.start_ps.push_back(from.start_ps[i]);
      to.duration_ps.push_back(from.duration_ps[i]);
      to.name.push_back(from.name[i]);
      to.category.push_back(from.category[i]);
      to.correlation.push_back(from.correlation[i]);
      to.details.push_back(from.details[i]);
    }
  }

  // The slice a flow's end names by lane and number; a recovered file may have lost it.
  std::uint32_t slice_of(const trace::FlowEnd& end) {
    const std::uint32_t track = ids_[end.track.value - 1];
    const auto lane = by_lane_.find({track, end.depth});
    return lane == by_lane_.end() || end.ordinal >= lane->second.size()
               ? traces::kNone
               : lane->second[static_cast<std::size_t>(end.ordinal)];
  }

  void flows(const std::vector<trace::Flow>& block) {
    for (const trace::Flow& flow : block) {
      const std::uint32_t from = slice_of(flow.from);
      const std::uint32_t to = slice_of(flow.to);
      if (from == traces::kNone || to == traces::kNone) {
        ++out_.oddities.unbound_flows;
      } else {
        out_.flows.push_back({from, to, strings_[flow.name.value]});
      }
    }
  }

  void samples() {
    for (const trace::Counter& counter : in_.summary().counters) {
      out_.counters.push_back({tracks_[counter.track.value - 1].process, counter.name});
    }
    in_.each_samples([this](const trace::SampleBlock& block) {
      for (const trace::CounterRows& rows : block.counters) {
        for (std::size_t row = rows.begin; row < rows.end; ++row) {
          out_.samples.push_back({rows.counter.value - 1, block.time_ps[row], block.value[row]});
        }
      }
    });
    std::stable_sort(out_.samples.begin(), out_.samples.end(), [](const auto& a, const auto& b) {
      return std::tie(a.counter, a.time_ps) < std::tie(b.counter, b.time_ps);
    });
  }

  using DetailsKey =
      std::tuple<std::array<std::uint32_t, 3>, std::array<std::uint32_t, 3>, std::uint32_t,
                 std::uint32_t, std::uint64_t, std::uint32_t, std::uint32_t, std::uint32_t,
                 std::uint32_t, std::uint64_t, std::uint64_t>;

  trace::Reader in_;
  Recording out_;
  std::vector<std::uint32_t> strings_;  // text id by string id
  std::vector<traces::Track> tracks_;   // by track id
  std::vector<std::uint32_t> ids_;      // track of the recording by track id
  std::vector<std::uint64_t> ordinals_;
  std::map<DetailsKey, std::uint32_t> known_details_{{{}, 0}};
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>> by_lane_;
};

}  // namespace

Recording read_rtrace(const std::filesystem::path& path) { return Import(path).run(); }

}  // namespace reticle::study
