#pragma once

#include "gui/model/trace_data.h"

namespace reticle::gui {

// Puts rows of an .rtrace into lanes, chunk after chunk. What does not fit is left out or clipped,
// and counted.
class RowAppender {
 public:
  explicit RowAppender(Contents& contents);

  // Makes room for what the index promises, as far as a file of this size can hold it.
  void reserve(std::uintmax_t file_bytes);

  void add(const trace::SliceBlock& block);
  void add(const trace::SampleBlock& block);
  void add(const std::vector<trace::Flow>& flows);

  // Makes what was added since the last call visible: pyramids of the lanes that grew.
  void build();
  // After the last row: also of counters, and says what was wrong.
  void finish();

 private:
  void append(std::size_t lane, std::int64_t start_ps, std::int64_t duration_ps,
              std::uint32_t name);
  void add_args(const trace::SliceBlock& block, const std::vector<std::size_t>& lane_of);
  void warn(std::size_t count, const char* what);

  Contents& contents_;
  std::vector<bool> grown_;  // by lane
  std::size_t clipped_ = 0;
  std::size_t lost_ = 0;
  std::size_t early_ = 0;
};

}  // namespace reticle::gui
