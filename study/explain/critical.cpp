#include <algorithm>
#include <map>

#include "study/explain/explain.h"
#include "study/kernel/kernel_study.h"
#include "study/run/bottlenecks.h"

namespace reticle::study {

namespace {

struct Held {
  engine::Ps total = 0;
  std::vector<engine::Ps> by = std::vector<engine::Ps>(Resource_ARRAYSIZE, 0);
};

}  // namespace

google::protobuf::RepeatedPtrField<CriticalOperator> critical_operators(const Step& step) {
  std::map<std::string, Held> labels;
  for (const std::size_t task : chips::critical_path(step.spans)) {
    const chips::TaskSpan& span = step.spans[task];
    Held& held = labels[step.graph.nodes[task].label];
    held.total += span.end - span.issue;
    for (std::size_t r = 0; r < held.by.size(); ++r) {
      held.by[r] += span.held_by[r];
    }
  }
  if (step.host_ps > 0) {
    Held& host = labels["host"];
    host.total += step.host_ps;
    host.by[RESOURCE_LAUNCH] += step.host_ps;
  }
  engine::Ps total = 0;
  std::vector<std::pair<std::string, Held>> order(labels.begin(), labels.end());
  for (const auto& [label, held] : order) {
    total += held.total;
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second.total > b.second.total; });
  google::protobuf::RepeatedPtrField<CriticalOperator> result;
  for (const auto& [label, held] : order) {
    CriticalOperator* one = result.Add();
    one->set_label(label);
    one->set_share(static_cast<double>(held.total) / static_cast<double>(total));
    one->set_bound_by(resource_name(longest_held(held.by)));
  }
  return result;
}

}  // namespace reticle::study
