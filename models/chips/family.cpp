#include "models/chips/family.h"

#include <stdexcept>

namespace reticle::chips {

memory::L2Spec l2_spec(const Chip& chip, double clock_hz) {
  const L2& l2 = chip.l2();
  return {l2.capacity(), engine::seconds_to_ps(l2.latency()), l2.read_bandwidth() * clock_hz,
          l2.write_bandwidth() * clock_hz};
}

memory::HbmSpec hbm_spec(const Chip& chip) {
  const Hbm& hbm = chip.hbm();
  const double pin_rate = hbm.data_rate() * hbm.channel_width() / 8;  // B/s a channel
  return {hbm.stacks() * hbm.channels_per_stack(), pin_rate * hbm.service_fraction(),
          engine::seconds_to_ps(hbm.latency()), static_cast<std::uint32_t>(hbm.interleave())};
}

MachineSpec machine_spec(const Chip& chip, double clock_hz) {
  switch (chip.family()) {
    case FAMILY_DAVINCI:
      return davinci(chip, clock_hz);
    case FAMILY_TENSOR_GPU:
      return tensor_gpu(chip, clock_hz);
    default:
      throw std::logic_error("chip of no family");
  }
}

}  // namespace reticle::chips
