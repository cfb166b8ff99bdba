#include "models/kernels/davinci/cube_writer.h"

#include <algorithm>

#include "models/kernels/numbers.h"

namespace reticle::kernels::davinci {

using chips::kCube;
using chips::kFixPipe;
using chips::kMte1;
using chips::kMte2;
using compute::Instruction;

namespace {

constexpr std::uint32_t kL0Halves = 2;
constexpr std::uint64_t kBehind = std::uint64_t{1} << 47U;  // tile number of a store's second part

}  // namespace

CubeWriter::CubeWriter(std::uint32_t core, const Davinci& davinci, const compute::MatrixUnit& cube,
                       double element_bytes, const Buffers& buffers)
    : davinci_(davinci),
      cube_(cube),
      element_bytes_(element_bytes),
      l1_(flags_, buffers.l1_slots, buffers.loads_per_slot),
      l0_(flags_, kL0Halves, 1),
      l0c_(flags_, buffers.l0c, 1),
      unit_flag_(buffers.l0c == 1) {
  program_.core = core;
  program_.queues.resize(chips::kCubeQueues);
}

Instruction CubeWriter::load_of(std::uint64_t key, double bytes, Layout layout) const {
  Instruction load;
  load.bytes = whole(bytes);
  load.key = key;
  load.cycles = layout == Layout::kRows ? whole(bytes / load_rate(davinci_, layout)) : 0;
  return load;
}

void CubeWriter::load(std::uint64_t key, double bytes, Layout layout) {
  Instruction load = load_of(key, bytes, layout);
  load.waits[0] = l1_.may_fill();
  load.raises[0] = l1_.raise_full();
  program_.queues[kMte2].push_back(load);
}

void CubeWriter::load_sum(std::uint64_t key, double bytes) {
  Instruction load;
  load.bytes = whole(bytes);
  load.key = key;
  program_.queues[kMte2].push_back(load);
}

void CubeWriter::load_resident(std::uint64_t key, double bytes,
                               std::pair<compute::Wait, compute::Wait> waits, compute::Flag full) {
  Instruction load = load_of(key, bytes, Layout::kRows);
  load.waits[0] = waits.first;
  load.waits[1] = waits.second;
  load.raises[0] = full;
  program_.queues[kMte2].push_back(load);
}

void CubeWriter::step(const CubeStep& step, const Marks& marks) {
  move_to_l0(step, marks);
  multiply(step, marks);
}

// L0A and L0B are filled one after the other, as MTE1 is one queue.
void CubeWriter::move_to_l0(const CubeStep& step, const Marks& marks) {
  const double depth_bytes =
      static_cast<double>(compute::round_up(step.depth, cube_.k)) * element_bytes_;
  const double a = static_cast<double>(compute::round_up(step.rows, cube_.m)) * depth_bytes;
  const double b = static_cast<double>(compute::round_up(step.columns, cube_.n)) * depth_bytes;
  Instruction move;
  move.waits = {l0_.may_fill(), marks.opens_slot ? l1_.may_drain() : compute::Wait{}, marks.needs};
  move.raises = {l0_.raise_full(), marks.closes_slot ? l1_.raise_empty() : compute::kNoFlag};
  move.cycles = whole(a / davinci_.mte1_a() + b / davinci_.mte1_b());
  move.uses[0] = {RESOURCE_SMEM, move.cycles};
  l0_.filled();
  if (marks.closes_slot) {
    l1_.drained();
  }
  program_.queues[kMte1].push_back(move);
}

void CubeWriter::multiply(const CubeStep& step, const Marks& marks) {
  Instruction multiply;
  multiply.waits[0] = l0_.may_drain();
  multiply.waits[1] = marks.opens_tile ? l0c_.may_fill() : compute::Wait{};
  multiply.raises = {l0_.raise_empty(), compute::kNoFlag};
  if (marks.closes_tile) {
    // The tile's instruction before ends when this one starts.
    const bool early = unit_flag_ && !marks.opens_tile;
    Instruction& signal = early ? program_.queues[kCube].back() : multiply;
    signal.raises[1] = l0c_.raise_full();
  }
  multiply.cycles = static_cast<std::uint32_t>(cube_.cycles(step.rows, step.columns, step.depth));
  multiply.uses[0] = {RESOURCE_TENSOR, multiply.cycles};
  multiply.operations = static_cast<std::uint32_t>(2 * step.rows * step.columns * step.depth);
  l0_.drained();
  if (marks.closes_tile) {
    l0c_.filled();
  }
  program_.queues[kCube].push_back(multiply);
}

void CubeWriter::signal_from_l1(compute::Flag flag) {
  Instruction signal;
  signal.raises[0] = flag;
  program_.queues[kMte1].push_back(signal);
}

// Of a tile's bytes, those that leave L0C while the next tile's first instruction (as long as this
// one's last) runs behind FixPipe; half of them where both together hide all.
std::uint32_t CubeWriter::bytes_behind(std::uint32_t bytes) const {
  const double drained = program_.queues[kCube].back().cycles * davinci_.fixpipe();
  return unit_flag_ ? static_cast<std::uint32_t>(std::min(drained, bytes / 2.0)) : 0;
}

void CubeWriter::store(std::uint64_t key, double bytes, compute::Wait also, compute::Flag raises) {
  Instruction store;
  const std::uint32_t behind = bytes_behind(whole(bytes));
  store.waits = {l0c_.may_drain(), also};
  store.raises = {l0c_.raise_empty(), behind == 0 ? raises : compute::kNoFlag};
  store.bytes = whole(bytes) - behind;
  store.key = key;
  l0c_.drained();
  program_.queues[kFixPipe].push_back(store);
  if (behind > 0) {
    Instruction rest;
    rest.raises[0] = raises;
    rest.bytes = behind;
    rest.key = key | kBehind;
    program_.queues[kFixPipe].push_back(rest);
  }
}

}  // namespace reticle::kernels::davinci
