#include "study/trace/chrome_convert.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "schema/errors.h"
#include "study/trace/chrome_writer.h"
#include "study/trace/open_trace.h"
#include "study/trace/track_paths.h"

namespace reticle::study {
namespace {

std::string other_data(const trace::Summary& summary) {
  nlohmann::ordered_json out = {{"producer", summary.producer}};
  for (const auto& [key, value] : summary.properties) {
    out[key] = value;
  }
  return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool starts_process(const trace::Track& track) {
  return track.kind == rtrace::TRACK_KIND_RANK || track.kind == rtrace::TRACK_KIND_HOST ||
         track.parent.value == 0;
}

// The arguments of a block's rows, row after row.
class RowArgs {
 public:
  RowArgs(const trace::SliceBlock& block, const std::vector<std::string>& json_strings)
      : block_(block), strings_(json_strings), next_(block.args.size(), 0) {}

  // A JSON object, or nothing; rows ascend from call to call.
  std::string of(std::size_t row) {
    std::string out;
    for (std::size_t c = 0; c < next_.size(); ++c) {
      const trace::ArgColumn& column = block_.args[c];
      std::size_t& at = next_[c];
      while (at < column.rows.size() && column.rows[at] < row) {
        ++at;
      }
      if (at < column.rows.size() && column.rows[at] == row) {
        out += (out.empty() ? "{" : ",") + strings_[column.key.value] + ":" + value(column, at);
      }
    }
    return out.empty() ? out : out + "}";
  }

 private:
  std::string value(const trace::ArgColumn& column, std::size_t at) const {
    if (const auto* ints = std::get_if<std::vector<std::int64_t>>(&column.values)) {
      return std::to_string((*ints)[at]);
    }
    if (const auto* doubles = std::get_if<std::vector<double>>(&column.values)) {
      return nlohmann::json((*doubles)[at]).dump();
    }
    return strings_[std::get<std::vector<trace::StringId>>(column.values)[at].value];
  }

  const trace::SliceBlock& block_;
  const std::vector<std::string>& strings_;
  std::vector<std::size_t> next_;  // by column
};

class Conversion {
 public:
  Conversion(trace::Reader& reader, const std::filesystem::path& out)
      : reader_(reader),
        summary_(reader.summary()),
        paths_(track_paths(summary_)),
        writer_(out, other_data(summary_)) {
    for (const std::string& text : summary_.strings) {
      json_strings_.push_back(json_string(text));
    }
    for (std::uint32_t id = 1; id <= summary_.tracks.size(); ++id) {
      const trace::Track& track = summary_.tracks[id - 1];
      const std::uint64_t pid = starts_process(track) ? id : threads_[track.parent.value - 1].pid;
      threads_.push_back({pid, id});
    }
  }

  void run() {
    names();
    // Viewers want the outer of two slices with one start first, and it may be recorded last: a
    // pass for each depth.
    std::uint32_t depths = 0;
    for (const trace::TrackTotals& track : summary_.totals.tracks) {
      depths = std::max(depths, track.depths);
    }
    for (std::uint32_t depth = 0; depth < depths; ++depth) {
      reader_.each_slices([&](const trace::SliceBlock& block) { slices(block, depth); });
    }
    counters();
    reader_.each_flows([&](const std::vector<trace::Flow>& block) { flows(block); });
    writer_.finish();
  }

 private:
  ChromeThread thread(trace::TrackId track) const { return threads_[track.value - 1]; }

  // A track's path below its process; a process by itself goes by its own name.
  std::string name_in_process(trace::TrackId track) const {
    const std::string& whole = paths_[track.value - 1];
    const std::uint64_t pid = thread(track).pid;
    return pid == track.value ? summary_.track(track).name
                              : whole.substr(paths_[pid - 1].size() + 1);
  }

  void name(const char* kind, ChromeThread at, const std::string& text, std::uint64_t order) {
    const std::string what(kind);
    writer_.metadata((what + "_name").c_str(), at, "{\"name\":" + json_string(text) + "}");
    writer_.metadata((what + "_sort_index").c_str(), at,
                     "{\"sort_index\":" + std::to_string(order) + "}");
  }

  void names() {
    std::set<std::uint64_t> used;  // processes with something to show
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      if (summary_.totals.tracks[i].slices > 0) {
        used.insert(threads_[i].pid);
      }
    }
    for (const trace::Counter& counter : summary_.counters) {
      used.insert(thread(counter.track).pid);
    }
    for (const std::uint64_t pid : used) {
      name("process", {pid, pid}, paths_[pid - 1], pid);
    }
    for (const ChromeThread& at : threads_) {
      if (summary_.totals.tracks[at.tid - 1].slices > 0) {
        name("thread", at, name_in_process({static_cast<std::uint32_t>(at.tid)}), at.tid);
      }
    }
  }

  void slices(const trace::SliceBlock& block, std::uint32_t depth) {
    RowArgs args(block, json_strings_);
    for (const trace::LaneRows& lane : block.lanes) {
      for (std::size_t row = lane.begin; row < lane.end && lane.depth == depth; ++row) {
        writer_.slice(thread(lane.track), json_strings_[block.name[row].value], block.start_ps[row],
                      block.duration_ps[row], args.of(row));
      }
    }
  }

  // Chrome knows counters by process and name only.
  void counters() {
    std::vector<std::string> names;
    std::vector<std::string> keys;
    for (const trace::Counter& counter : summary_.counters) {
      const bool own = thread(counter.track).pid == counter.track.value;
      names.push_back(
          json_string(own ? counter.name : name_in_process(counter.track) + "/" + counter.name));
      keys.push_back(json_string(counter.unit.empty() ? "value" : counter.unit));
    }
    reader_.each_samples([&](const trace::SampleBlock& block) {
      for (const trace::CounterRows& rows : block.counters) {
        const std::size_t c = rows.counter.value - 1;
        for (std::size_t row = rows.begin; row < rows.end; ++row) {
          writer_.counter(thread(summary_.counters[c].track).pid, names[c], block.time_ps[row],
                          "{" + keys[c] + ":" + nlohmann::json(block.value[row]).dump() + "}");
        }
      }
    });
  }

  void flows(const std::vector<trace::Flow>& block) {
    for (const trace::Flow& flow : block) {
      const std::string& name = json_strings_[flow.name.value];
      ++flow_id_;
      // A viewer ties the arrow to the slice around this time, and at its end there is none.
      const std::int64_t leaves = std::max<std::int64_t>(flow.from.time_ps - 1, 0);
      writer_.flow('s', flow_id_, thread(flow.from.track), name, leaves);
      writer_.flow('f', flow_id_, thread(flow.to.track), name, flow.to.time_ps);
    }
  }

  trace::Reader& reader_;
  const trace::Summary& summary_;
  std::vector<std::string> paths_;
  std::vector<std::string> json_strings_;  // by string id
  std::vector<ChromeThread> threads_;      // entry i: track i + 1
  ChromeWriter writer_;
  std::uint64_t flow_id_ = 0;
};

}  // namespace

std::string convert_trace(const std::filesystem::path& in, const std::string& format,
                          const std::filesystem::path& out) {
  if (format != "chrome") {
    throw UsageError("--to " + format + ": not yet; the one format so far is chrome");
  }
  const auto reader = open_trace(in);
  Conversion(*reader, out).run();
  return reader->notice();
}

}  // namespace reticle::study
