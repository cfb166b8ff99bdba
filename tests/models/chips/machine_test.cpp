#include "models/chips/machine.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <stdexcept>

using namespace reticle;
using namespace reticle::chips;
using compute::Flag;
using compute::Instruction;
using compute::QueueKind;

namespace {

constexpr std::uint32_t kCores = 4;

MachineSpec spec() {
  const compute::CoreSpec core = {1.5e9,
                                  {{"load", QueueKind::kLoad, 100e9, 3},
                                   {"unit", QueueKind::kUnit, 0, 0},
                                   {"store", QueueKind::kStore, 50e9, 0}}};
  return {{{"sm", kCores, core}}, {64 * 1024, 200000, 1e12, 5e11}, {8, 20e9, 600000, 512}, 900000};
}

Instruction step(std::uint32_t cycles, Flag wait, std::uint32_t count, Flag raise) {
  Instruction instruction;
  instruction.waits[0] = {wait, count};
  instruction.raises[0] = raise;
  instruction.cycles = cycles;
  instruction.uses[0] = {RESOURCE_VECTOR, cycles};
  return instruction;
}

Instruction tile(std::uint32_t tensor, std::uint64_t number, std::uint32_t bytes) {
  Instruction instruction;
  instruction.key = memory::tile_key(tensor, number);
  instruction.bytes = bytes;
  return instruction;
}

// Every core loads `tiles` tiles of x (every other one shared), works on them, stores as many of y,
// and meets the others at a barrier. More than L2 holds, so tiles are pushed out.
compute::TileProgram copy_program(std::uint32_t tiles, std::uint32_t cores = kCores) {
  compute::TileProgram program;
  program.tensors = {"x", "y"};
  program.shared_flags = 1;
  for (std::uint32_t c = 0; c < cores; ++c) {
    compute::CoreProgram core = {c, std::vector<std::vector<Instruction>>(3)};
    for (std::uint32_t i = 0; i < tiles; ++i) {
      Instruction load = tile(0, i % 2 == 0 ? i : c * tiles + i, 4096);
      load.raises[0] = 0;
      Instruction store = tile(1, c * tiles + i, 4096);
      store.waits[0] = {1, i + 1};
      core.queues[0].push_back(load);
      core.queues[1].push_back(step(100, 0, i + 1, 1));
      core.queues[2].push_back(store);
    }
    core.queues[1].push_back(step(1, 0, tiles, compute::kSharedFlags));
    core.queues[1].push_back(step(1, compute::kSharedFlags, cores, compute::kNoFlag));
    program.cores.push_back(core);
  }
  return program;
}

bool same(const RunActivity& a, const RunActivity& b) {
  bool cores = a.cores.size() == b.cores.size();
  for (std::size_t i = 0; cores && i < a.cores.size(); ++i) {
    cores = a.cores[i].busy == b.cores[i].busy && a.cores[i].operations == b.cores[i].operations &&
            a.cores[i].local_bytes == b.cores[i].local_bytes &&
            a.cores[i].port_busy == b.cores[i].port_busy;
  }
  return cores && a.elapsed == b.elapsed && a.l2_bytes == b.l2_bytes && a.l2_busy == b.l2_busy &&
         a.port_busy == b.port_busy && a.hbm_bytes == b.hbm_bytes && a.hbm_busy == b.hbm_busy &&
         a.events == b.events;
}

}  // namespace

TEST_CASE("a machine comes back to the same state, whatever ran before") {
  Machine machine("m", spec());
  const RunActivity alone = machine.run(copy_program(20), {});
  CHECK(same(machine.run(copy_program(20), {}), alone));
  machine.run(copy_program(33, 2), {"x"});
  CHECK(same(machine.run(copy_program(20), {}), alone));
  CHECK_FALSE(same(machine.run(copy_program(21), {}), alone));
}

TEST_CASE("a machine at another clock is the machine made for that clock, and comes back") {
  MachineSpec fast = spec();
  for (CoreGroup& group : fast.groups) {
    group.core.clock_hz *= 1.5;
    for (compute::QueueSpec& queue : group.core.queues) {
      queue.port_bandwidth *= 1.5;
    }
  }
  fast.l2.read_bandwidth *= 1.5;
  fast.l2.write_bandwidth *= 1.5;
  Machine machine("m", spec());
  Machine made("made", fast);
  const RunActivity slow = machine.run(copy_program(20), {});
  machine.set_spec(fast);
  const RunActivity run = machine.run(copy_program(20), {});
  CHECK(same(run, made.run(copy_program(20), {})));
  CHECK_FALSE(same(run, slow));
  machine.set_spec(spec());
  CHECK(same(machine.run(copy_program(20), {}), slow));
}

TEST_CASE("a program that got stuck leaves nothing behind") {
  Machine machine("m", spec());
  const RunActivity alone = machine.run(copy_program(20), {});
  compute::TileProgram stuck = copy_program(20);
  stuck.cores[2].queues[1][5].waits[1] = {7, 1};
  CHECK_THROWS_AS(machine.run(stuck, {}), std::logic_error);
  CHECK_THROWS_WITH(machine.run(stuck, {}), "tile program stuck: m_sm0.unit step 21 of 22");
  CHECK(same(machine.run(copy_program(20), {}), alone));
}

TEST_CASE("two machines side by side do not see each other") {
  Machine one("one", spec());
  Machine two("two", spec());
  const RunActivity first = one.run(copy_program(20), {});
  CHECK(same(two.run(copy_program(20), {}), first));
  two.run(copy_program(9), {});
  CHECK(same(one.run(copy_program(20), {}), first));
}

TEST_CASE("nothing is busy for longer than the run takes, and bytes add up") {
  Machine machine("m", spec());
  for (const std::uint32_t tiles : {1U, 3U, 8U, 40U}) {
    const RunActivity run = machine.run(copy_program(tiles), {});
    CHECK(run.hbm_busy <= run.elapsed);
    CHECK(run.l2_busy <= run.elapsed);
    for (const compute::Activity& core : run.cores) {
      CHECK(core.port_busy <= run.elapsed);
      CHECK(core.busy.at(RESOURCE_VECTOR) == 100 * tiles + 2);
    }
    CHECK(run.l2_bytes == 2.0 * kCores * tiles * 4096);
    // Every distinct tile of x comes in once at least; what is dirty may stay in L2.
    const double distinct = (tiles + 1) / 2 + kCores * (tiles / 2);
    CHECK(run.hbm_bytes >= distinct * 4096);
    CHECK(run.hbm_bytes <= run.l2_bytes);
  }
}

TEST_CASE("a resident tensor is not fetched from HBM") {
  Machine machine("m", spec());
  const RunActivity cold = machine.run(copy_program(2), {});
  const RunActivity warm = machine.run(copy_program(2), {"x"});
  CHECK(cold.hbm_bytes == (1 + kCores) * 4096);
  CHECK(warm.hbm_bytes == 0);
  CHECK(warm.elapsed < cold.elapsed);
  CHECK(same(machine.run(copy_program(2), {"nothing of that name"}), cold));
}

TEST_CASE("more bandwidth is never slower") {
  MachineSpec fast = spec();
  fast.hbm.channel_bandwidth *= 2;
  MachineSpec faster = fast;
  faster.l2.read_bandwidth *= 2;
  Machine a("a", spec());
  Machine b("b", fast);
  Machine c("c", faster);
  const engine::Ps slow = a.run(copy_program(40), {}).elapsed;
  const engine::Ps quick = b.run(copy_program(40), {}).elapsed;
  CHECK(quick < slow);
  CHECK(c.run(copy_program(40), {}).elapsed <= quick);
}

TEST_CASE("statistics are those of the last run") {
  Machine machine("m", spec());
  machine.run(copy_program(20), {});
  machine.run(copy_program(5, 1), {});
  const engine::Statistics statistics = machine.statistics();
  REQUIRE(statistics.size() == 6 + 3 * kCores);
  CHECK(statistics[6].name == "m_sm0.load.busy");
  CHECK(statistics[6].value == 5 * 40960);
  CHECK(statistics[9].name == "m_sm1.load.busy");
  CHECK(statistics[9].value == 0);  // core 1 had nothing to do
}

TEST_CASE("port time is that of the group whose ports are busiest, averaged over those used") {
  MachineSpec two = spec();
  two.groups.push_back({"aiv", 2, two.groups[0].core});
  Machine machine("m", two);
  compute::TileProgram program = copy_program(8, 2);
  compute::CoreProgram more = copy_program(9, 1).cores[0];
  more.core = kCores;
  program.cores.push_back(more);
  program.cores.back().queues[1].back().waits[0].count = 3;
  const RunActivity run = machine.run(program, {});
  CHECK(run.port_busy == 9 * 81920);  // 4,096 B at 50 GB/s, nine times
}

TEST_CASE("an observer sees every instruction, in its queue, within the run") {
  Machine machine("m", spec());
  std::size_t seen = 0;
  engine::Ps last = 0;
  const RunActivity run = machine.run(copy_program(6), {},
                                      [&](std::uint32_t core, std::size_t queue, engine::Ps start,
                                          engine::Ps end, const Instruction& instruction) {
                                        ++seen;
                                        last = std::max(last, end);
                                        CHECK(core < kCores);
                                        CHECK(start <= end);
                                        CHECK((instruction.bytes > 0) == (queue != 1));
                                      });
  CHECK(seen == kCores * (3 * 6 + 2));
  CHECK(last <= run.elapsed);
  CHECK(same(machine.run(copy_program(6), {}), run));  // watching changes nothing
  CHECK(machine.queue_name(3, 1) == "sm3.unit");
}

TEST_CASE("cores are numbered group after group") {
  MachineSpec two = spec();
  two.groups.push_back({"aiv", 2, two.groups[0].core});
  Machine machine("m", two);
  CHECK(machine.first_core("sm") == 0);
  CHECK(machine.first_core("aiv") == kCores);
  CHECK_THROWS_WITH(machine.first_core("spe"), "no cores named spe");
}
