#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gui/model/trace_data.h"

namespace reticle::gui {

// Slices whose name contains a text, without regard to ASCII case.
class Search {
 public:
  // Beyond this many hits the rest is counted, but not stepped through.
  static constexpr std::size_t kMostHits = 1'000'000;

  Search() = default;  // finds nothing
  Search(const trace::Summary& summary, const TraceData& data, std::string_view text);

  const std::string& text() const { return text_; }
  bool matches(std::uint32_t name) const { return name < names_.size() && names_[name]; }
  std::size_t count() const { return count_; }
  // In order of start, then of lane.
  const std::vector<SliceKey>& hits() const { return hits_; }

 private:
  std::string text_;
  std::vector<bool> names_;  // by string id
  std::size_t count_ = 0;
  std::vector<SliceKey> hits_;
};

}  // namespace reticle::gui
