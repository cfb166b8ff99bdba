#pragma once

#include <map>
#include <string>
#include <utility>

#include "gui/model/trace_data.h"

namespace reticle::gui {

// What is drawn of a counter.
enum class CounterMode {
  kValue,
  kChange,  // from each sample to the next
  kRate,    // that, a second
  kSum,     // of all counters of its name and unit, over all tracks
};
constexpr int kCounterModes = 4;
const char* mode_name(CounterMode mode);  // "value", "change", "rate", "sum"

struct CounterView {
  const Series* series = nullptr;
  std::string name;
  std::string unit;
  double least = 0;
  double greatest = 0;
  double mean = 0;  // by time
};

// Counters in the ways they are looked at, each worked out once.
class CounterViews {
 public:
  explicit CounterViews(const Contents& contents) : contents_(contents) {}

  const CounterView& of(trace::CounterId counter, CounterMode mode);
  void forget();  // to be called when rows were loaded

 private:
  struct Known {
    Series series;  // unless it is the trace's own
    CounterView view;
  };
  void derive(trace::CounterId counter, CounterMode mode, Known& out) const;

  const Contents& contents_;
  std::map<std::pair<std::uint32_t, CounterMode>, Known> known_;
};

// Between samples, up to the last one: by how much the value changes, or by how much a second.
Series changes(const Series& of, bool a_second, std::int64_t end_ps);
// The sum of what holds at each moment; before its first sample a counter adds nothing.
Series sum(const std::vector<const Series*>& of, std::int64_t end_ps);

}  // namespace reticle::gui
