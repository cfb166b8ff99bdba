#include "models/systems/low_latency.h"

#include <algorithm>

#include "sim/fabric/picoseconds.h"

namespace reticle::systems {
namespace {

constexpr double kBf16 = 2;  // bytes of an element before dispatch

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

std::int64_t low_latency_sms(std::int64_t experts, std::int64_t device_sms) {
  return divide_up(experts, divide_up(experts, device_sms));
}

LowLatencyWork low_latency_work(const Transfers& transfers, const MoeTransfer& op,
                                const RowBytes& row, Direction direction, double received,
                                double last_share, std::int64_t device_sms) {
  LowLatencyWork out;
  if (!transfers.has_low_latency() || device_sms == 0) {
    return out;
  }
  const LowLatencyMode& mode = transfers.low_latency();
  const bool dispatch = direction == Direction::kDispatch;
  out.sms = low_latency_sms(op.experts(), device_sms);
  out.holds_sms = mode.holds_sms();
  out.serve_ps = fabric::picoseconds(static_cast<double>(divide_up(op.experts(), out.sms)) *
                                     mode.expert_time());
  if (dispatch) {
    const double token =
        mode.token_time() + static_cast<double>(op.hidden()) * kBf16 / mode.token_rate();
    out.send_ps =
        fabric::picoseconds(static_cast<double>(divide_up(op.tokens_per_rank(), out.sms)) * token);
  }
  const double rate = std::min(static_cast<double>(out.sms) * mode.sm_rate(),
                               dispatch ? mode.place_rate() : mode.sum_rate());
  out.receive_ps = fabric::picoseconds(received * last_share * row.wire / rate);
  out.copied_bytes = received * row.wire * (dispatch ? 2 : 1);  // read; and written in order
  return out;
}

void add_low_latency(NetworkCost& cost, const LowLatencyWork& work, std::int64_t device_sms) {
  if (work.sms == 0) {
    return;
  }
  cost.start_ps += work.serve_ps;
  if (work.send_ps > cost.wire_ps) {
    cost.wire_ps = work.send_ps;
    cost.bound_resource = "sms";
  }
  cost.receive_ps = work.receive_ps;
  cost.copied_bytes = work.copied_bytes;
  const std::int64_t held =
      work.holds_sms ? cost.total_ps() : cost.start_ps + work.send_ps + work.receive_ps;
  cost.cores_share = static_cast<double>(work.sms) / static_cast<double>(device_sms) *
                     static_cast<double>(held) / static_cast<double>(cost.total_ps());
}

}  // namespace reticle::systems
