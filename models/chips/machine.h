#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "sim/compute/core.h"
#include "sim/compute/flag_board.h"
#include "sim/compute/tile_program.h"
#include "sim/engine/event_queue.h"
#include "sim/memory/memory_system.h"

namespace reticle::chips {

// What a family's composition states: cores (in groups of one kind), memory, and how fast a flag
// crosses the chip.
struct CoreGroup {
  std::string name;
  std::uint32_t count = 0;
  compute::CoreSpec core;
};

struct MachineSpec {
  std::vector<CoreGroup> groups;
  memory::L2Spec l2;
  memory::HbmSpec hbm;
  engine::Ps flag_latency = 0;
};

// What the machine did for one program.
struct RunActivity {
  engine::Ps elapsed = 0;
  std::vector<compute::Activity> cores;  // those the program used, in its order
  engine::Ps port_busy = 0;  // mean over the used cores of the group whose ports are busiest
  double l2_bytes = 0;
  engine::Ps l2_busy = 0;
  double hbm_bytes = 0;
  engine::Ps hbm_busy = 0;
  engine::Ps hbm_backlog = 0;  // mean work that waits in a channel
  std::uint64_t events = 0;
};

// One elaborated chip. It returns to the same initial state before every program, so a result never
// depends on what ran before. SystemC elaborates once a process: make all machines before the first
// run.
class Machine {
 public:
  Machine(const std::string& name, const MachineSpec& spec);

  // Runs a program whose named tensors `resident` are in L2 at the start. Throws std::logic_error,
  // naming the queue, if a program waits for a flag nobody raises.
  // `observer`, if not empty, sees every instruction; `leftover` is what earlier kernels left in
  // L2.
  RunActivity run(const compute::TileProgram& program, const std::vector<std::string>& resident,
                  const compute::Observer& observer = {}, const memory::Leftover& leftover = {});

  // The same machine at another clock; before the next run.
  void set_spec(const MachineSpec& spec);

  // First core of a group and how many there are.
  std::uint32_t first_core(const std::string& group) const;
  // "sm7.tma": group, core and queue, as an observer counts them.
  std::string queue_name(std::uint32_t core, std::size_t queue) const;
  const MachineSpec& spec() const { return spec_; }
  engine::Statistics statistics() const;

 private:
  std::size_t group_of(std::uint32_t core) const;
  engine::Ps port_busy(const compute::TileProgram& program,
                       const std::vector<compute::Activity>& cores) const;

  MachineSpec spec_;
  engine::EventQueue events_;
  memory::MemorySystem memory_;
  compute::FlagBoard board_;
  std::deque<compute::Core> cores_;
};

}  // namespace reticle::chips
