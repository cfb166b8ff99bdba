#include "gui/model/search.h"

#include <algorithm>

namespace reticle::gui {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += lower(c);
  }
  return result;
}

}  // namespace

Search::Search(const trace::Summary& summary, const TraceData& data, std::string_view text)
    : text_(text) {
  if (text.empty()) {
    return;
  }
  const std::string wanted = lower(text);
  for (const std::string& name : summary.strings) {
    names_.push_back(lower(name).find(wanted) != std::string::npos);
  }
  for (std::size_t at = 0; at < data.lanes.size(); ++at) {
    const Lane& lane = data.lanes[at];
    for (std::size_t i = 0; i < lane.size(); ++i) {
      if (matches(lane.name(i)) && count_++ < kMostHits) {
        hits_.push_back({at, i});
      }
    }
  }
  std::stable_sort(hits_.begin(), hits_.end(), [&](const SliceKey& a, const SliceKey& b) {
    return data.lanes[a.lane].start_ps(a.slice) < data.lanes[b.lane].start_ps(b.slice);
  });
}

}  // namespace reticle::gui
