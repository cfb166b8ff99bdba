#include "models/systems/normal_work.h"

#include <algorithm>

#include "schema/errors.h"
#include "sim/fabric/picoseconds.h"

namespace reticle::systems {

std::int64_t NormalWork::moved_ps(double rows) const {
  return fabric::picoseconds(rows * row_seconds / sms);
}

double NormalWork::cores_share(std::int64_t device_sms) const {
  return device_sms > 0 ? std::min(1.0, sms / static_cast<double>(device_sms)) : 0;
}

NormalWork normal_work(const Transfers& transfers, const MoeTransfer& op, const RowBytes& row,
                       Direction direction, bool over_nodes) {
  if (!transfers.has_normal()) {
    throw UsageError("mode=normal: this software has no such mode; use mode=low_latency");
  }
  const NormalMode& normal = transfers.normal();
  NormalWork out;
  out.sms = static_cast<double>(op.has_sms() ? op.sms() : std::int64_t{normal.sms()});
  out.row_seconds = normal.row_time() + row.wire / normal.sm_rate();
  out.start_ps = fabric::picoseconds(
      normal.start() + (over_nodes ? normal.notify() + transfers.network_start() : 0));
  out.last_row_ps = direction == Direction::kCombine
                        ? fabric::picoseconds(row.wire / normal.combine_warp_rate())
                        : 0;
  return out;
}

double queue_cap(const Transfers& transfers, const Tier& tier, double peers) {
  return transfers.normal().queue_share() * tier.bandwidth() * tier.wire_share() / peers;
}

}  // namespace reticle::systems
