#include "study/run/bottlenecks.h"

#include <algorithm>
#include <vector>

#include "study/kernel/kernel_study.h"

namespace reticle::study {

google::protobuf::RepeatedPtrField<Bottleneck> bottlenecks(const Step& step) {
  std::vector<engine::Ps> held(Resource_ARRAYSIZE, 0);
  for (const std::size_t task : chips::critical_path(step.spans)) {
    for (std::size_t r = 0; r < held.size(); ++r) {
      held[r] += step.spans[task].held_by[r];
    }
  }
  return bottlenecks(std::move(held), step.host_ps);
}

google::protobuf::RepeatedPtrField<Bottleneck> bottlenecks(std::vector<engine::Ps> held,
                                                           engine::Ps host_ps) {
  held[RESOURCE_LAUNCH] += host_ps;
  std::vector<std::pair<engine::Ps, Resource>> order;
  engine::Ps total = 0;
  for (std::size_t r = 0; r < held.size(); ++r) {
    if (held[r] > 0) {
      order.emplace_back(held[r], static_cast<Resource>(r));
      total += held[r];
    }
  }
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  google::protobuf::RepeatedPtrField<Bottleneck> result;
  for (const auto& [time, resource] : order) {
    Bottleneck* one = result.Add();
    one->set_resource(resource_name(resource));
    one->set_share(static_cast<double>(time) / static_cast<double>(total));
  }
  return result;
}

Resource longest_held(const std::vector<engine::Ps>& held) {
  return static_cast<Resource>(std::max_element(held.begin(), held.end()) - held.begin());
}

}  // namespace reticle::study
