#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gui/model/row_layout.h"

namespace reticle::gui {

// An instant that the user marked.
struct Mark {
  std::int64_t time_ps = 0;
  std::string note;
  bool kept = false;  // with the trace

  bool operator==(const Mark& other) const {
    return time_ps == other.time_ps && note == other.note && kept == other.kept;
  }
};
using Marks = std::vector<Mark>;

// What is kept of a view from one opening of a trace to the next.
struct SavedView {
  Marks marks;  // the kept ones
  Arrangement arrangement;
};

// The file beside a trace: TRACE.view.json. Tracks are kept by their paths, so that they are found
// again in another run of the same study.
std::filesystem::path saved_view_path(const std::filesystem::path& trace);

// OutputError: the file cannot be written.
void save_view(const SavedView& view, const trace::Summary& summary,
               const std::filesystem::path& trace);

// Nothing if there is no file, or one that is not understood (then `warning` says so).
std::optional<SavedView> load_view(const trace::Summary& summary,
                                   const std::filesystem::path& trace, std::string& warning);

}  // namespace reticle::gui
