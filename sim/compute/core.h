#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <functional>
#include <string>
#include <systemc>
#include <vector>

#include "sim/compute/activity.h"
#include "sim/compute/flag_board.h"
#include "sim/compute/private_flags.h"
#include "sim/compute/tile_program.h"
#include "sim/engine/event_queue.h"
#include "sim/engine/statistics.h"
#include "sim/memory/tile_access.h"

namespace reticle::compute {

enum class QueueKind { kLoad, kStore, kUnit };

// One in-order queue of a core and the engine behind it. Loads and stores go to the memory system
// through a port of `port_bandwidth`; a unit (matrix, vector, local copy) just takes cycles.
struct QueueSpec {
  std::string name;
  QueueKind kind = QueueKind::kUnit;
  double port_bandwidth = 0;    // B/s, loads and stores
  engine::Cycles start_up = 0;  // cycles added to the latency of each load or store
  engine::Cycles issue = 0;     // cycles a load or store occupies the queue at least
  bool pipelined = false;       // asks on before a request is served, as far as buffers are free
};

struct CoreSpec {
  double clock_hz = 0;
  std::vector<QueueSpec> queues;
};

// B/s at which the queue's engine moves the bytes of an instruction, at best: the port's, or less
// where the instruction does more than move them.
double transfer_bandwidth(const QueueSpec& queue, const Instruction& instruction, double clock_hz);

// Told about every instruction a core starts: what occupied which queue of which core, and when.
// Empty when nobody watches.
using Observer = std::function<void(std::uint32_t core, std::size_t queue, engine::Ps start,
                                    engine::Ps end, const Instruction&)>;

// A core: queues that run in order within themselves and at once with each other, synchronised by
// flags, as DaVinci's set_flag/wait_flag and Hopper's mbarriers do. Only what others can see needs
// an event, in order of time: requests to memory and flags of several queues or cores. The rest
// follows from instants already known.
class Core : public sc_core::sc_module, public engine::Listener {
 public:
  Core(const sc_core::sc_module_name& name, const CoreSpec& spec, std::uint32_t rank,
       engine::EventQueue& events, FlagBoard& board);
  ~Core() override;

  tlm_utils::simple_initiator_socket<Core> socket;

  // Back to the initial state, without a program.
  void reset();
  // The same queues at another clock and other rates; before a program is loaded.
  void set_spec(const CoreSpec& spec);
  // The program and the observer must outlive the run.
  void load(const CoreProgram& program, const Observer* observer = nullptr);
  void on_event(std::uint64_t token) override;
  void issue_all();

  bool finished() const;
  std::string stuck_at() const;  // which queue waits for what; for messages
  Activity activity() const;
  engine::Statistics statistics() const;
  std::uint32_t rank() const { return rank_; }

 private:
  struct Queue {
    QueueSpec spec;
    const std::vector<Instruction>* program = nullptr;
    std::size_t next = 0;
    bool asked = false;  // an event for its next request is pending
    engine::Ps free_at = 0;
    engine::Ps since = 0;       // units: start of the present run without a gap, and its cycles,
    engine::Cycles cycles = 0;  // so that rounding to picoseconds does not add up
    engine::Ps last_done = 0;
    engine::Ps busy = 0;
    bool ended() const { return program == nullptr || next == program->size(); }
  };
  void issue(std::uint32_t queues);
  bool step(std::size_t index);
  engine::Ps ready_at(std::size_t queue, const Instruction& instruction);
  void start(std::size_t index, engine::Ps begin);
  engine::Ps occupy(Queue& queue, const Instruction& instruction, engine::Ps begin);
  engine::Ps transfer(Queue& queue, const Instruction& instruction);
  void raise(std::size_t index, const Instruction& instruction, engine::Ps done);
  void raise_of_several(const Instruction& instruction);

  engine::EventQueue& events_;
  FlagBoard& board_;
  engine::ClockDomain clock_;
  std::uint32_t rank_;
  std::vector<Queue> queues_;
  std::uint32_t to_look_at_ = 0;  // queues, a bit each, that may be able to go on
  PrivateFlags flags_;
  Tally tally_;
  engine::Ps end_ = 0;
  const Observer* observer_ = nullptr;
  tlm::tlm_generic_payload payload_;
  memory::TileAccess access_;
};

}  // namespace reticle::compute
