#include "study/run/transfer_task.h"

#include <algorithm>
#include <string>

#include "models/chips/hbm_rate.h"

namespace reticle::study {

namespace {

constexpr double kPsPerSecond = 1e12;

Resource bound_by(const systems::NetworkCost& cost) {
  const std::string bound = cost.bound_by();
  return bound == "link"   ? RESOURCE_LINK
         : bound == "hbm"  ? RESOURCE_HBM
         : bound == "sync" ? RESOURCE_SYNC
                           : RESOURCE_LATENCY;
}

}  // namespace

const std::vector<Resource>& shared_kinds() {
  static const std::vector<Resource> kinds = {RESOURCE_UNSPECIFIED, RESOURCE_L2, RESOURCE_HBM,
                                              RESOURCE_LINK};
  return kinds;
}

void add_transfer(chips::StreamTask& task, const Chip& chip, const systems::NetworkCost& cost,
                  const DemandVector& device, double received_bytes) {
  task.alone = cost.total_ps() + device.time_ps();
  task.bound_by = device.time_ps() > cost.total_ps() ? device.bound_by() : bound_by(cost);
  const auto duration = static_cast<double>(std::max<engine::Ps>(task.alone, 1));
  if (cost.cores_share > 0) {
    task.demands.push_back(
        {kCores, cost.cores_share * static_cast<double>(cost.total_ps()) / duration});
  }
  task.demands.push_back({kLink, static_cast<double>(cost.wire_ps) / duration});
  const double bytes = cost.payload_bytes() + received_bytes + cost.copied_bytes;
  task.demands.push_back(
      {kHbm, std::min(1.0, bytes / chips::hbm_rate(chip.hbm()) * kPsPerSecond / duration)});
}

void add_kernel(chips::StreamTask& task, const DemandVector& demand, double share) {
  task.alone = demand.time_ps();
  task.bound_by = demand.bound_by();
  task.demands.push_back({kCores, share});
  const auto duration = static_cast<double>(std::max<engine::Ps>(task.alone, 1));
  for (const ResourceUse& use : demand.use()) {
    if (use.resource() != RESOURCE_L2 && use.resource() != RESOURCE_HBM) {
      continue;
    }
    chips::Demand one;
    one.resource = use.resource() == RESOURCE_L2 ? kL2 : kHbm;
    one.share = std::min(1.0, static_cast<double>(use.busy_ps()) / duration);
    one.backlog = use.backlog_ps();
    for (const WaitResponse& response : use.response()) {
      one.stretch.push_back(
          {response.wait_ps(), static_cast<double>(response.time_ps()) / duration});
    }
    task.demands.push_back(std::move(one));
  }
}

}  // namespace reticle::study
