#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gui/model/query.h"
#include "gui/model/trace_data.h"

namespace reticle::gui {

// By string id: whether a query's names and expressions match.
std::vector<bool> matching_names(const Contents& contents, const Query& query);

// Which slices of a lane a query asks for. All arguments have to outlive it.
class LaneTest {
 public:
  LaneTest(const Contents& contents, std::size_t lane, const Query& query,
           const std::vector<bool>& named);

  bool any() const { return in_track_; }  // false: none
  bool operator()(std::size_t slice) const;

 private:
  bool track_holds(const Query::Comparison& comparison) const;
  bool passes(const Query::Comparison& comparison, const std::optional<trace::StringId>& key,
              std::size_t slice) const;

  const Contents& contents_;
  const std::vector<bool>& named_;
  std::size_t at_;
  const Lane& lane_;
  bool in_track_ = true;
  std::vector<const Query::Comparison*> comparisons_;
  std::vector<std::optional<trace::StringId>> keys_;
};

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
