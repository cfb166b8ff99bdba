#pragma once

#include <deque>
#include <string>
#include <vector>

#include "sim/compute/core.h"
#include "sim/compute/flag_board.h"
#include "sim/memory/memory_system.h"

namespace reticle::compute {

// A core at 1 GHz (a cycle is 1,000 ps) with a load queue, a unit and a store queue, before a
// memory whose every tile of 1,000 B takes 1,000 ps from HBM, and next to nothing from L2.
enum ToyQueue { kLoad, kUnit, kStore, kToyQueues };

constexpr engine::Ps kCycle = 1000;
constexpr engine::Ps kMissLatency = 5000;
constexpr engine::Ps kFlagLatency = 700;
constexpr std::uint32_t kTileBytes = 1000;

struct Toy {
  explicit Toy(std::uint32_t cores = 1)
      : events("events"),
        memory("memory", events, {1e9, 100, 1e15, 1e15}, {1, 1e12, kMissLatency, 1000}),
        board(events, kFlagLatency, cores) {
    const CoreSpec spec = {1e9,
                           {{"load", QueueKind::kLoad, 1e12, 0},
                            {"unit", QueueKind::kUnit, 0, 0},
                            {"store", QueueKind::kStore, 1e12, 0}}};
    for (std::uint32_t i = 0; i < cores; ++i) {
      all.emplace_back(("core" + std::to_string(i)).c_str(), spec, i, events, board);
      all.back().socket.bind(memory.socket);
    }
  }

  engine::Ps run(const std::vector<CoreProgram>& given, std::uint32_t shared_flags = 0) {
    programs = given;  // cores look at them after the run, too
    memory.reset({});
    board.reset(shared_flags);
    std::vector<engine::Listener*> starters;
    for (std::size_t i = 0; i < programs.size(); ++i) {
      all[i].load(programs[i]);
      starters.push_back(&all[i]);
    }
    return events.run(starters);
  }

  engine::EventQueue events;
  memory::MemorySystem memory;
  FlagBoard board;
  std::deque<Core> all;
  std::vector<CoreProgram> programs;
};

inline CoreProgram program() { return {0, std::vector<std::vector<Instruction>>(kToyQueues)}; }

inline Instruction work(std::uint32_t cycles, Wait wait = {}, Flag raise = kNoFlag) {
  Instruction instruction;
  instruction.waits[0] = wait;
  instruction.raises[0] = raise;
  instruction.cycles = cycles;
  instruction.uses[0] = {RESOURCE_TENSOR, cycles};
  instruction.operations = 10 * cycles;
  return instruction;
}

inline Instruction move(std::uint64_t key, Wait wait = {}, Flag raise = kNoFlag) {
  Instruction instruction;
  instruction.waits[0] = wait;
  instruction.raises[0] = raise;
  instruction.bytes = kTileBytes;
  instruction.key = key;
  return instruction;
}

}  // namespace reticle::compute
