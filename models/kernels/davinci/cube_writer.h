#pragma once

#include <cstdint>
#include <utility>

#include "models/chips/family.h"
#include "models/kernels/davinci/core_units.h"
#include "models/kernels/program_builder.h"
#include "sim/compute/units.h"

namespace reticle::kernels::davinci {

// One matrix instruction and the L1 to L0 move before it.
struct CubeStep {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t depth = 0;
};

// Writes a cube core's queues. L1 is a ring of slots filled by MTE2; L0A and L0B are two halves
// filled together by MTE1; L0C holds one or two accumulator tiles drained by FixPipe. A single tile
// is handed over in units of 512 B (UnitFlag): FixPipe starts with the tile's last instruction, and
// the next tile's first follows it through L0C.
class CubeWriter {
 public:
  struct Buffers {
    std::uint32_t l1_slots = 0;
    std::uint32_t loads_per_slot = 0;
    std::uint32_t l0c = 0;
  };
  CubeWriter(std::uint32_t core, const Davinci& davinci, const compute::MatrixUnit& cube,
             double element_bytes, const Buffers& buffers);

  // GM (L2) to the L1 slot being filled; all of a slot's loads, then slot_filled().
  void load(std::uint64_t key, double bytes, Layout layout);
  void slot_filled() { l1_.filled(); }

  // GM to where nothing of this program waits for it: what FixPipe adds to (SetAtomicAdd).
  void load_sum(std::uint64_t key, double bytes);

  // Rows in GM to a resident part of L1: `waits` before it, `full` raised after it.
  void load_resident(std::uint64_t key, double bytes, std::pair<compute::Wait, compute::Wait> waits,
                     compute::Flag full);

  // One step on the accumulator tile. `needs` is a resident operand's wait. A step that opens an L1
  // slot waits for it, one that closes it frees it; likewise for the accumulator tile.
  struct Marks {
    bool opens_slot = false;
    bool closes_slot = false;
    bool opens_tile = false;
    bool closes_tile = false;
    compute::Wait needs = {};
  };
  void step(const CubeStep& step, const Marks& marks);

  // set_flag of MTE1, once everything before it has left L1.
  void signal_from_l1(compute::Flag flag);

  // FixPipe: accumulator tile to GM. `also` waits for the room, `raises` tells somebody else.
  void store(std::uint64_t key, double bytes, compute::Wait also = {},
             compute::Flag raises = compute::kNoFlag);

  FlagCounter& flags() { return flags_; }
  const compute::CoreProgram& program() const { return program_; }
  compute::CoreProgram take() { return std::move(program_); }

 private:
  compute::Instruction load_of(std::uint64_t key, double bytes, Layout layout) const;
  void move_to_l0(const CubeStep& step, const Marks& marks);
  void multiply(const CubeStep& step, const Marks& marks);
  std::uint32_t bytes_behind(std::uint32_t bytes) const;

  const Davinci& davinci_;
  compute::MatrixUnit cube_;
  double element_bytes_;
  FlagCounter flags_;
  Ring l1_;
  Ring l0_;
  Ring l0c_;
  bool unit_flag_;
  compute::CoreProgram program_;
};

}  // namespace reticle::kernels::davinci
