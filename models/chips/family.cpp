#include "models/chips/family.h"

#include <algorithm>
#include <stdexcept>

#include "schema/errors.h"

namespace reticle::chips {

memory::L2Spec l2_spec(const Chip& chip, double clock_hz) {
  const L2& l2 = chip.l2();
  memory::L2Spec spec;
  spec.capacity = l2.capacity();
  spec.latency = engine::seconds_to_ps(l2.latency());
  spec.read_bandwidth = l2.read_bandwidth() * clock_hz;
  spec.write_bandwidth = l2.write_bandwidth() * clock_hz;
  spec.partitions = std::max<std::uint32_t>(1, l2.partitions());
  spec.far_latency = engine::seconds_to_ps(l2.far_latency());
  spec.crossing = l2.crossing() * clock_hz;
  if (spec.partitions > 1 && spec.crossing <= 0) {
    throw UsageError("l2.partitions over 1 need l2.crossing, the rate at which one reads another");
  }
  return spec;
}

memory::DramSpec dram_spec(const Hbm& hbm) {
  using engine::seconds_to_ps;
  const DramTiming& t = hbm.timing();
  const double clock = t.bits_per_clock() / hbm.data_rate();  // CK, s
  memory::DramSpec spec;
  spec.bank_groups = t.bank_groups();
  spec.banks_per_group = t.banks_per_group();
  spec.burst_bytes = static_cast<std::uint32_t>(t.burst());
  spec.page_bytes = static_cast<std::uint32_t>(t.page());
  spec.burst = seconds_to_ps(t.burst() * 8 / (hbm.channel_width() * hbm.data_rate()));
  spec.tCCD_S = seconds_to_ps(t.tccd_s() * clock);
  spec.tCCD_L = seconds_to_ps(t.tccd_l() * clock);
  spec.tRCDRD = seconds_to_ps(t.trcdrd());
  spec.tRCDWR = seconds_to_ps(t.trcdwr());
  spec.tRP = seconds_to_ps(t.trp());
  spec.tRAS = seconds_to_ps(t.tras());
  spec.tRRD_S = seconds_to_ps(t.trrd_s());
  spec.tRRD_L = seconds_to_ps(t.trrd_l());
  spec.tFAW = seconds_to_ps(t.tfaw());
  spec.tRTP = seconds_to_ps(t.trtp());
  spec.tWR = seconds_to_ps(t.twr());
  spec.tWTR_S = seconds_to_ps(t.twtr_s());
  spec.tWTR_L = seconds_to_ps(t.twtr_l());
  spec.tRTW = seconds_to_ps(t.trtw());
  spec.RL = seconds_to_ps(t.rl());
  spec.WL = seconds_to_ps(t.wl());
  spec.tREFI = seconds_to_ps(t.trefi());
  spec.tRFC = seconds_to_ps(t.trfc());
  spec.tRFCpb = seconds_to_ps(t.trfcpb());
  spec.per_bank_refresh = t.refresh() == REFRESH_PER_BANK;
  spec.queue = t.queue();
  return spec;
}

memory::HbmSpec hbm_spec(const Chip& chip) {
  const Hbm& hbm = chip.hbm();
  const double pin_rate = hbm.data_rate() * hbm.channel_width() / 8;  // B/s a channel
  memory::HbmSpec spec;
  spec.channels = hbm.stacks() * hbm.channels_per_stack();
  spec.channel_bandwidth = pin_rate * hbm.service_fraction();
  spec.latency = engine::seconds_to_ps(hbm.latency());
  spec.interleave = static_cast<std::uint32_t>(hbm.interleave());
  if (hbm.has_timing()) {
    spec.dram = dram_spec(hbm);
  }
  return spec;
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
