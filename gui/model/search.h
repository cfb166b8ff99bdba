#pragma once

#include <string>
#include <vector>

#include "gui/model/query.h"
#include "gui/model/trace_data.h"

namespace reticle::gui {

// The slices that a query asks for.
class Search {
 public:
  // Beyond this many hits the rest is counted, but not stepped through.
  static constexpr std::size_t kMostHits = 1'000'000;

  Search() = default;  // finds nothing
  Search(const Contents& contents, const Query& query);

  bool empty() const { return query_.empty() && query_.error().empty(); }
  const Query& query() const { return query_; }
  // Some slice of this name is a hit.
  bool matches(std::uint32_t name) const { return name < names_.size() && names_[name]; }
  std::size_t count() const { return count_; }
  // In order of start, then of lane.
  const std::vector<SliceKey>& hits() const { return hits_; }

 private:
  Query query_;
  std::vector<bool> names_;  // by string id
  std::size_t count_ = 0;
  std::vector<SliceKey> hits_;
};

}  // namespace reticle::gui
