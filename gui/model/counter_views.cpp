#include "gui/model/counter_views.h"

#include <algorithm>
#include <array>

namespace reticle::gui {
namespace {

constexpr double kPsPerSecond = 1e12;

}  // namespace

const char* mode_name(CounterMode mode) {
  static constexpr std::array<const char*, kCounterModes> kNames{"value", "change", "rate", "sum"};
  return kNames[static_cast<std::size_t>(mode)];
}

Series changes(const Series& of, bool a_second, std::int64_t end_ps) {
  Series out;
  for (std::size_t i = 0; i + 1 < of.size(); ++i) {
    const double change = of.value(i + 1) - of.value(i);
    const auto ps = static_cast<double>(of.time_ps(i + 1) - of.time_ps(i));
    out.append(of.time_ps(i), a_second ? change / ps * kPsPerSecond : change);
  }
  if (of.size() > 0) {
    out.append(of.time_ps(of.size() - 1), 0);
  }
  out.build(end_ps);
  return out;
}

Series sum(const std::vector<const Series*>& of, std::int64_t end_ps) {
  std::map<std::int64_t, double> steps;  // by how much the sum changes
  for (const Series* series : of) {
    double before = 0;
    for (std::size_t i = 0; i < series->size(); ++i) {
      steps[series->time_ps(i)] += series->value(i) - before;
      before = series->value(i);
    }
  }
  Series out;
  double level = 0;
  for (const auto& [time, step] : steps) {
    level += step;
    out.append(time, level);
  }
  out.build(end_ps);
  return out;
}

const CounterView& CounterViews::of(trace::CounterId counter, CounterMode mode) {
  const auto [found, fresh] = known_.try_emplace({counter.value, mode});
  if (fresh) {
    derive(counter, mode, found->second);
  }
  return found->second.view;
}

void CounterViews::forget() { known_.clear(); }

void CounterViews::derive(trace::CounterId counter, CounterMode mode, Known& out) const {
  const trace::Summary& summary = contents_.summary;
  const trace::Counter& own = summary.counter(counter);
  const Series& series = contents_.data.series[counter.value - 1];
  const TimeRange whole = whole_range(summary);
  out.view = {&series, own.name, own.unit};
  if (mode == CounterMode::kValue) {
    const trace::CounterTotals& totals = summary.totals.counters.at(counter.value - 1);
    const double seconds = static_cast<double>(totals.last_ps - totals.first_ps) / kPsPerSecond;
    out.view.least = totals.min;
    out.view.greatest = totals.max;
    out.view.mean = seconds > 0 ? totals.integral / seconds : totals.last_value;
    return;
  }
  out.view.name += std::string(" (") + mode_name(mode) + ")";
  if (mode == CounterMode::kSum) {
    std::vector<const Series*> all;
    for (std::size_t i = 0; i < summary.counters.size(); ++i) {
      if (summary.counters[i].name == own.name && summary.counters[i].unit == own.unit) {
        all.push_back(&contents_.data.series[i]);
      }
    }
    out.series = sum(all, whole.to_ps);
  } else {
    out.series = changes(series, mode == CounterMode::kRate, whole.to_ps);
    out.view.unit += mode == CounterMode::kRate ? "/s" : "";
  }
  const Extent extent = out.series.extent(whole);
  out.view.series = &out.series;
  out.view.least = extent.min;
  out.view.greatest = extent.max;
  out.view.mean = extent.mean;
}

}  // namespace reticle::gui
