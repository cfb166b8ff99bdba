#include "models/chips/family.h"

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace reticle;
using namespace reticle::chips;

namespace {

Chip chip() {
  Chip chip;
  chip.mutable_l2()->set_capacity(50e6);
  chip.mutable_l2()->set_latency(150e-9);
  chip.mutable_l2()->set_read_bandwidth(5120);
  chip.mutable_l2()->set_write_bandwidth(2560);
  Hbm& hbm = *chip.mutable_hbm();
  hbm.set_stacks(5);
  hbm.set_channels_per_stack(16);
  hbm.set_channel_width(64);
  hbm.set_data_rate(5.2e9);
  hbm.set_service_fraction(0.9);
  hbm.set_latency(400e-9);
  hbm.set_interleave(512);
  return chip;
}

}  // namespace

TEST_CASE("rates by the clock become rates by the second") {
  const memory::L2Spec l2 = l2_spec(chip(), 2e9);
  CHECK(l2.capacity == 50e6);
  CHECK(l2.latency == 150000);
  CHECK(l2.read_bandwidth == 5120 * 2e9);
  CHECK(l2.write_bandwidth == 2560 * 2e9);
}

TEST_CASE("HBM is stacks times channels of width times rate, clock or not") {
  const memory::HbmSpec hbm = hbm_spec(chip());
  CHECK(hbm.channels == 80);
  CHECK(hbm.channel_bandwidth == Approx(5.2e9 * 8 * 0.9).epsilon(1e-15));
  CHECK(hbm.latency == 400000);
  CHECK(hbm.interleave == 512);
}

TEST_CASE("DRAM timing: CK follows the data rate, the rest is time") {
  Hbm hbm = chip().hbm();
  DramTiming& timing = *hbm.mutable_timing();
  timing.set_bits_per_clock(2);
  timing.set_burst(32);
  timing.set_tccd_s(2);
  timing.set_tccd_l(4);
  timing.set_trp(14.2e-9);
  timing.set_refresh(REFRESH_PER_BANK);
  hbm.set_data_rate(3.2e9);
  const memory::DramSpec slow = dram_spec(hbm);
  CHECK(slow.burst == 1250);  // 32 B on 64 pins of 3.2 Gb/s
  CHECK(slow.tCCD_S == 1250);
  CHECK(slow.tCCD_L == 2500);
  CHECK(slow.tRP == 14200);
  CHECK(slow.per_bank_refresh);
  hbm.set_data_rate(6.4e9);
  CHECK(dram_spec(hbm).burst == 625);
  CHECK(dram_spec(hbm).tCCD_L == 1250);
  CHECK(dram_spec(hbm).tRP == 14200);
}

TEST_CASE("partitions of L2 need a crossing") {
  Chip gpu = chip();
  CHECK(l2_spec(gpu, 2e9).partitions == 1);
  gpu.mutable_l2()->set_partitions(2);
  CHECK_THROWS_WITH(l2_spec(gpu, 2e9),
                    "l2.partitions over 1 need l2.crossing, the rate at which one reads another");
  gpu.mutable_l2()->set_crossing(600);
  gpu.mutable_l2()->set_far_latency(236e-9);
  CHECK(l2_spec(gpu, 2e9).crossing == 600 * 2e9);
  CHECK(l2_spec(gpu, 2e9).far_latency == 236000);
}

TEST_CASE("davinci has cube and vector cores apart") {
  Chip die = chip();
  die.set_family(FAMILY_DAVINCI);
  die.mutable_davinci()->set_cube_cores(24);
  die.mutable_davinci()->set_vector_cores(48);
  die.mutable_davinci()->set_mte2_cube(128);
  die.mutable_davinci()->set_cross_core_flag(1e-6);
  const MachineSpec spec = machine_spec(die, 1.8e9);
  REQUIRE(spec.groups.size() == 2);
  CHECK(spec.groups[0].name == "aic");
  CHECK(spec.groups[0].count == 24);
  CHECK(spec.groups[0].core.queues.size() == kCubeQueues);
  CHECK(spec.groups[0].core.queues[kMte2].port_bandwidth == 128 * 1.8e9);
  CHECK(spec.groups[0].core.queues[kFixPipe].kind == compute::QueueKind::kStore);
  CHECK(spec.groups[1].count == 48);
  CHECK(spec.groups[1].core.queues.size() == kVectorQueues);
  CHECK(spec.flag_latency == 1000000);
}

TEST_CASE("tensor_gpu has one kind of core, whose TMA adds its latency") {
  Chip gpu = chip();
  gpu.set_family(FAMILY_TENSOR_GPU);
  gpu.mutable_tensor_gpu()->set_sms(132);
  gpu.mutable_tensor_gpu()->set_tma_latency(170);
  gpu.mutable_tensor_gpu()->set_grid_sync(1.5e-6);
  const MachineSpec spec = machine_spec(gpu, 1.755e9);
  REQUIRE(spec.groups.size() == 1);
  CHECK(spec.groups[0].count == 132);
  CHECK(spec.groups[0].core.clock_hz == 1.755e9);
  CHECK(spec.groups[0].core.queues.size() == kSmQueues);
  CHECK(spec.groups[0].core.queues[kTma].start_up == 170);
  CHECK(spec.flag_latency == 1500000);
}

TEST_CASE("a chip of no family cannot be built") {
  CHECK_THROWS_WITH(machine_spec(chip(), 1e9), "chip of no family");
}
