#include "gui/model/search.h"

#include <algorithm>

#include "gui/model/slice_args.h"

namespace reticle::gui {
LaneTest::LaneTest(const Contents& contents, std::size_t lane, const Query& query,
                   const std::vector<bool>& named)
    : contents_(contents), named_(named), at_(lane), lane_(contents.data.lanes[lane]) {
  for (const Query::Comparison& comparison : query.comparisons()) {
    if (comparison.key == "track") {
      in_track_ = in_track_ && track_holds(comparison);
    } else if (comparison.key == "depth") {
      in_track_ = in_track_ && holds(comparison, contents.index.depth(lane));
    } else {
      comparisons_.push_back(&comparison);
      keys_.push_back(string_id(contents.summary, comparison.key));
    }
  }
}

bool LaneTest::operator()(std::size_t slice) const {
  if (!named_[lane_.name(slice)]) {
    return false;
  }
  for (std::size_t i = 0; i < comparisons_.size(); ++i) {
    if (!passes(*comparisons_[i], keys_[i], slice)) {
      return false;
    }
  }
  return true;
}

bool LaneTest::track_holds(const Query::Comparison& comparison) const {
  const bool inside =
      contains(track_path(contents_.summary, contents_.index.track(at_)), comparison.text);
  return comparison.op == Query::Operator::kNotEqual ? !inside : inside;
}

bool LaneTest::passes(const Query::Comparison& comparison,
                      const std::optional<trace::StringId>& key, std::size_t slice) const {
  if (comparison.key == "dur") {
    return holds(comparison, static_cast<double>(lane_.duration_ps(slice)));
  }
  if (comparison.key == "start") {
    return holds(comparison, static_cast<double>(lane_.start_ps(slice)));
  }
  if (!key) {
    return false;
  }
  const ArgColumns& args = contents_.data.args[at_];
  if (const auto value = number_arg(args, *key, slice)) {
    return holds(comparison, *value);
  }
  const auto text = text_arg(args, *key, slice);
  return text && holds(comparison, contents_.summary.text(*text));
}

std::vector<bool> matching_names(const Contents& contents, const Query& query) {
  std::vector<bool> named;
  for (const std::string& name : contents.summary.strings) {
    named.push_back(query.matches_name(name));
  }
  return named;
}

Search::Search(const Contents& contents, const Query& query) : query_(query) {
  const std::size_t names = contents.summary.strings.size();
  names_.resize(names);
  if (query.empty() || !query.error().empty()) {
    return;
  }
  const std::vector<bool> named = matching_names(contents, query);
  for (std::size_t at = 0; at < contents.data.lanes.size(); ++at) {
    const Lane& lane = contents.data.lanes[at];
    const LaneTest passes(contents, at, query, named);
    for (std::size_t i = 0; passes.any() && i < lane.size(); ++i) {
      if (passes(i)) {
        names_[lane.name(i)] = true;
        if (count_++ < kMostHits) {
          hits_.push_back({at, i});
        }
      }
    }
  }
  std::stable_sort(hits_.begin(), hits_.end(), [&](const SliceKey& a, const SliceKey& b) {
    return contents.data.lanes[a.lane].start_ps(a.slice) <
           contents.data.lanes[b.lane].start_ps(b.slice);
  });
}

}  // namespace reticle::gui
