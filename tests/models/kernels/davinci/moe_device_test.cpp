#include "models/kernels/davinci/moe_device.h"

#include <catch2/catch.hpp>
#include <cstdio>

#include "tests/models/kernels/davinci/die.h"

using namespace reticle;
using namespace reticle::kernels;
using davinci::DevicePhase;
using davinci::DeviceSite;
using davinci::DeviceWork;

namespace {

constexpr std::int64_t kMicrosecond = 1000000;

MoeTransfer rows(std::int64_t tokens, std::int64_t ranks, Dtype dtype) {
  MoeTransfer op;
  op.set_ranks(ranks);
  op.set_tokens_per_rank(tokens);
  op.set_hidden(7168);
  op.set_topk(8);
  op.set_experts(256);
  op.set_dtype(dtype);
  return op;
}

std::int64_t phase(const DeviceWork& work, const std::string& name) {
  for (const DevicePhase& one : work.phases) {
    if (one.name == name) {
      return one.ps;
    }
  }
  FAIL("no phase " << name);
  return 0;
}

double joules(const DeviceWork& work) {
  double sum = 0;
  for (const ComponentEnergy& energy : work.demand.energy()) {
    sum += energy.joules();
  }
  return sum;
}

}  // namespace

// 128 tokens x 8 are 22 rows for the busiest of 48 cores. A row of 7,212 B at 4.5 GB/s is under way
// for 1,602.7 ns and acknowledged 1,200 ns later; before that 14,336 B come from L2 (250 ns, 69
// B/clk), seven passes of 112 + 24 clk quantise them, and the scalar unit is waited for twice. Two
// buffers take turns. Eight window addresses are two reads from L2 each.
TEST_CASE("a core sends row after row, two under way") {
  const Chip chip = die();
  const DeviceSite site = {chip, chip.clock(), 48, 0, 1200000};
  const DeviceWork work = davinci::dispatch_work(site, rows(128, 8, DTYPE_INT8));
  const double chain_ns = 250 + (14336 / 69.0 + 7 * (112 + 24) + 2 * 50) / 1.8;
  const double row_ns = (chain_ns + 7212 / 4.5 + 1200) / 2;
  CHECK(row_ns > 7212 / 4.5);
  CHECK(static_cast<double>(phase(work, "send")) ==
        Approx(1e3 * (22 * row_ns + 8 * 2 * 250)).epsilon(1e-4));
  // Where a write is acknowledged at once, the core's outstanding requests bind.
  const DeviceWork near =
      davinci::dispatch_work({chip, chip.clock(), 48, 0, 0}, rows(128, 8, DTYPE_INT8));
  CHECK(static_cast<double>(phase(near, "send")) ==
        Approx(1e3 * (22 * 7212 / 4.5 + 8 * 2 * 250)).epsilon(1e-4));
  const DeviceWork back = davinci::combine_work(site, rows(128, 8, DTYPE_BFLOAT16));
  CHECK(phase(back, "send") > phase(work, "send"));
}

// 1,024 expert numbers, 50 clk each, whatever the number of cores.
TEST_CASE("every core counts all rows") {
  const Chip chip = die();
  for (const std::int64_t cores : {16, 48}) {
    const DeviceWork work =
        davinci::dispatch_work({chip, chip.clock(), cores, 0, 0}, rows(128, 8, DTYPE_INT8));
    CHECK(static_cast<double>(phase(work, "count")) == Approx(1e3 * 1024 * 50 / 1.8).epsilon(1e-4));
  }
}

TEST_CASE("sending hides behind the wire, nothing else does") {
  const Chip chip = die();
  const MoeTransfer op = rows(128, 8, DTYPE_INT8);
  const DeviceWork alone = davinci::dispatch_work({chip, chip.clock(), 48, 0, 1200000}, op);
  const std::int64_t send = phase(alone, "send");
  const DeviceWork half = davinci::dispatch_work({chip, chip.clock(), 48, send / 2, 1200000}, op);
  const DeviceWork hidden = davinci::dispatch_work({chip, chip.clock(), 48, 2 * send, 1200000}, op);
  CHECK(std::abs(alone.time_ps() - half.time_ps() - send / 2) <= 1);
  CHECK(phase(hidden, "send") == 0);
  CHECK(hidden.time_ps() == alone.time_ps() - send);
  CHECK(hidden.time_ps() > 10 * kMicrosecond);
}

TEST_CASE("transfers take longer with more rows, fewer cores, a slower link, larger rows") {
  const Chip chip = die();
  Chip slow = chip;
  slow.mutable_davinci()->set_remote_rate(1e9);
  const auto dispatch = [&](const Chip& on, std::int64_t cores, std::int64_t tokens) {
    return davinci::dispatch_work({on, on.clock(), cores, 0, 1200000}, rows(tokens, 8, DTYPE_INT8))
        .time_ps();
  };
  CHECK(dispatch(chip, 16, 128) > dispatch(chip, 48, 128));
  CHECK(dispatch(chip, 48, 256) > dispatch(chip, 48, 128));
  CHECK(dispatch(slow, 48, 128) > dispatch(chip, 48, 128));
  CHECK(dispatch(chip, 48, 1) > 0);
  const DeviceSite site = {chip, chip.clock(), 48, 0, 1200000};
  const auto combine = [&](std::int64_t tokens) {
    return davinci::combine_work(site, rows(tokens, 8, DTYPE_BFLOAT16));
  };
  CHECK(combine(256).time_ps() > combine(128).time_ps());
  CHECK(joules(combine(256)) == Approx(2 * joules(combine(128))));
}

// A row is quantised again for each of its destinations.
TEST_CASE("dispatch in bf16 does not quantise") {
  const Chip chip = die();
  const DeviceSite site = {chip, chip.clock(), 48, 0, 0};
  const DeviceWork int8 = davinci::dispatch_work(site, rows(128, 8, DTYPE_INT8));
  const DeviceWork bf16 = davinci::dispatch_work(site, rows(128, 8, DTYPE_BFLOAT16));
  CHECK(int8.demand.energy(3).component() == "vector");
  CHECK(int8.demand.energy(3).joules() > 10 * bf16.demand.energy(3).joules());
}

// The phases of docs/davinci.md: EP8, 128 tokens, a wire that takes 31 us.
TEST_CASE("phases of dispatch and combine", "[.report]") {
  const Chip chip = die();
  const DeviceSite site = {chip, chip.clock(), 48, 30 * kMicrosecond, 1200000};
  for (const DeviceWork& work : {davinci::dispatch_work(site, rows(128, 8, DTYPE_INT8)),
                                 davinci::combine_work(site, rows(128, 8, DTYPE_BFLOAT16))}) {
    for (const DevicePhase& one : work.phases) {
      std::printf("%-20s %6.2f us\n", one.name.c_str(), static_cast<double>(one.ps) * 1e-6);
    }
    CHECK(work.time_ps() > 0);
  }
}
