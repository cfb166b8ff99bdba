#include "gui/model/marks.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "sim/trace/output_file.h"

namespace reticle::gui {
namespace {

using nlohmann::ordered_json;

std::string path_of(const trace::Summary& summary, const RowId& row) {
  if (row.counter == 0) {
    return track_path(summary, {row.track});
  }
  const trace::Counter& counter = summary.counter({row.counter});
  return (counter.track.value == 0 ? "" : track_path(summary, counter.track)) + "#" + counter.name;
}

std::map<std::string, RowId> rows_by_path(const trace::Summary& summary) {
  std::map<std::string, RowId> out;
  for (std::uint32_t i = 1; i <= summary.tracks.size(); ++i) {
    out.emplace(path_of(summary, {i, 0}), RowId{i, 0});
  }
  for (std::uint32_t i = 1; i <= summary.counters.size(); ++i) {
    out.emplace(path_of(summary, {0, i}), RowId{0, i});
  }
  return out;
}

template <class Rows>
ordered_json paths(const trace::Summary& summary, const Rows& rows) {
  ordered_json out = ordered_json::array();
  for (const RowId& row : rows) {
    out.push_back(path_of(summary, row));
  }
  return out;
}

SavedView view_of(const nlohmann::json& json, const trace::Summary& summary) {
  const std::map<std::string, RowId> known = rows_by_path(summary);
  SavedView out;
  for (const auto& mark : json.at("marks")) {
    out.marks.push_back(
        {mark.at("time_ps").get<std::int64_t>(), mark.at("note").get<std::string>(), true});
  }
  const auto each = [&](const char* key, const auto& visit) {
    for (const auto& path : json.at(key)) {
      const auto row = known.find(path.get<std::string>());
      if (row != known.end()) {
        visit(row->second);
      }
    }
  };
  each("pinned", [&](const RowId& row) { out.arrangement.pinned.push_back(row); });
  each("hidden", [&](const RowId& row) { out.arrangement.hidden.insert(row); });
  each("collapsed", [&](const RowId& row) { out.arrangement.collapsed.insert(row.track); });
  each("order", [&](const RowId& row) {
    if (row.track != 0) {
      out.arrangement.order[summary.track({row.track}).parent.value].push_back(row.track);
    }
  });
  const nlohmann::json counters = json.value("counters", nlohmann::json::object());
  for (const auto& [path, mode] : counters.items()) {
    const auto row = known.find(path);
    for (int i = 0; row != known.end() && i < kCounterModes; ++i) {
      if (mode == mode_name(static_cast<CounterMode>(i))) {
        out.arrangement.modes[row->second.counter] = static_cast<CounterMode>(i);
      }
    }
  }
  return out;
}

}  // namespace

std::filesystem::path saved_view_path(const std::filesystem::path& trace) {
  return trace.string() + ".view.json";
}

void save_view(const SavedView& view, const trace::Summary& summary,
               const std::filesystem::path& trace) {
  ordered_json json;
  json["marks"] = ordered_json::array();
  for (const Mark& mark : view.marks) {
    if (mark.kept) {
      json["marks"].push_back({{"time_ps", mark.time_ps}, {"note", mark.note}});
    }
  }
  const Arrangement& rows = view.arrangement;
  json["pinned"] = paths(summary, rows.pinned);
  json["hidden"] = paths(summary, rows.hidden);
  std::vector<RowId> collapsed;
  for (const std::uint32_t track : rows.collapsed) {
    collapsed.push_back({track, 0});
  }
  json["collapsed"] = paths(summary, collapsed);
  std::vector<RowId> order;
  for (const auto& [parent, tracks] : rows.order) {
    std::transform(tracks.begin(), tracks.end(), std::back_inserter(order),
                   [](std::uint32_t track) {
                     return RowId{track, 0};
                   });
  }
  json["order"] = paths(summary, order);
  json["counters"] = ordered_json::object();
  for (const auto& [counter, mode] : rows.modes) {
    json["counters"][path_of(summary, {0, counter})] = mode_name(mode);
  }
  trace::OutputFile file(saved_view_path(trace));
  file.write(json.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n");
  file.commit();
}

std::optional<SavedView> load_view(const trace::Summary& summary,
                                   const std::filesystem::path& trace, std::string& warning) {
  const std::filesystem::path path = saved_view_path(trace);
  std::ifstream in(path);
  if (!in) {
    return {};
  }
  try {
    return view_of(nlohmann::json::parse(in), summary);
  } catch (const nlohmann::json::exception& error) {
    warning = path.string() + ": not a saved view, so it is not used (" + error.what() + ")";
    return {};
  }
}

}  // namespace reticle::gui
