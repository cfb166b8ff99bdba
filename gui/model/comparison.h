#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gui/model/trace_data.h"

namespace reticle::gui {

// An operator in two traces.
struct ComparedOperator {
  std::string name;
  std::uint64_t count_a = 0;
  std::uint64_t count_b = 0;
  std::int64_t total_a_ps = 0;
  std::int64_t total_b_ps = 0;
  std::vector<std::int64_t> durations_a;  // in order of time
  std::vector<std::int64_t> durations_b;

  std::int64_t difference_ps() const { return total_b_ps - total_a_ps; }
};

struct MatchedSlices {
  SliceKey a;
  SliceKey b;
};

enum class CompareBy { kName, kClass };

// Two traces operator by operator: of streams (of all tracks, where a trace has no stream) the
// outermost slices. The k-th slice of a name on one side is the partner of the k-th on the other,
// within tracks of the same path if both have them, else in order of time.
struct Comparison {
  std::vector<ComparedOperator> operators;  // greatest difference first, of either sign
  std::vector<MatchedSlices> matches;       // in order of A's start
};
Comparison compare_traces(const Contents& a, const Contents& b, CompareBy by);

// How many durations lie in each of `bins` bins, equally wide in the logarithm from `least_ps` to
// `most_ps`.
std::vector<std::size_t> histogram(const std::vector<std::int64_t>& durations,
                                   std::int64_t least_ps, std::int64_t most_ps, std::size_t bins);

// How much later B is than A, by A's time: B's start less A's start less `offset_ps`.
struct Drift {
  std::int64_t at_ps = 0;
  std::int64_t later_ps = 0;
};
std::vector<Drift> drift(const Comparison& comparison, const Contents& a, const Contents& b,
                         std::int64_t offset_ps);

}  // namespace reticle::gui
