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
