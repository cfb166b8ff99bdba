#include "models/kernels/davinci/dequant.h"

#include <algorithm>

#include "models/kernels/davinci/core_units.h"
#include "models/kernels/numbers.h"
#include "schema/dtype.h"
#include "schema/errors.h"
#include "sim/compute/scratchpad.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::davinci {

using compute::Instruction;
using compute::kSharedFlags;
using memory::tile_key;

namespace {

constexpr std::uint32_t kStages = 2;   // workspace tiles a cube core (catlass WORKSPACE_STAGES)
constexpr std::uint32_t kBuffers = 2;  // double buffering in UB
constexpr double kSum = 4;             // bytes of an int32 sum
// int32 to FP32, times the channel's scale, times the token's scale, to bf16.
constexpr std::int64_t kPasses = 4;
constexpr std::int64_t kPieces = 1 << 10;  // tile numbers of the pieces of one tile

// Shared flags, two a cube core.
compute::Flag sums_there(std::uint32_t cube_core) { return kSharedFlags + 2 * cube_core; }
compute::Flag sums_read(std::uint32_t cube_core) { return kSharedFlags + 2 * cube_core + 1; }

}  // namespace

// Writes one vector core's queues.
class DequantWriter {
 public:
  DequantWriter(const GemmWork& work, const Target& target, std::uint32_t core,
                std::uint32_t cube_core)
      : work_(work),
        ub_(target.chip.davinci().ub()),
        unit_(vector_unit(target.chip.davinci())),
        cube_core_(cube_core),
        in_(flags_, kBuffers, 1),
        out_(flags_, kBuffers, 1) {
    program_.core = core;
    program_.queues.resize(chips::kVectorQueues);
  }

  // Elements that fit UB beside their double: sums in, results out.
  std::int64_t piece() const {
    return static_cast<std::int64_t>(ub_ / kBuffers / (kSum + element_bytes(work_.out_dtype)));
  }

  // Scales `elements` of the cube core's tile number `tile`, which lies at `sums_key`.
  void scale(std::int64_t elements, std::uint32_t tile, std::uint64_t sums_key,
             std::uint64_t result_key) {
    const std::int64_t pieces = compute::ceil_div(elements, piece());
    for (std::int64_t p = 0; p < pieces; ++p) {
      const auto [begin, end] = share(elements, pieces, p);
      const auto offset = static_cast<std::uint64_t>(p);
      load(end - begin, tile, sums_key, p + 1 == pieces);
      multiply(end - begin);
      store(end - begin, result_key + offset);
    }
  }

  const compute::CoreProgram& program() const { return program_; }
  compute::CoreProgram take() { return std::move(program_); }

 private:
  void load(std::int64_t elements, std::uint32_t tile, std::uint64_t key, bool last) {
    Instruction load;
    load.waits = {in_.may_fill(), compute::Wait{sums_there(cube_core_), tile + 1}};
    load.raises = {in_.raise_full(), last ? sums_read(cube_core_) : compute::kNoFlag};
    load.bytes = whole(real(elements) * kSum);
    load.key = key;
    in_.filled();
    program_.queues[chips::kMte2Vector].push_back(load);
  }

  void multiply(std::int64_t elements) {
    Instruction multiply;
    multiply.waits = {in_.may_drain(), out_.may_fill()};
    multiply.raises = {in_.raise_empty(), out_.raise_full()};
    multiply.cycles = static_cast<std::uint32_t>(simple_cycles(unit_, elements, kPasses));
    multiply.uses[0] = {RESOURCE_VECTOR, multiply.cycles};
    multiply.operations = static_cast<std::uint32_t>(kPasses * elements);
    multiply.local_bytes = whole(2 * real(elements) * (kSum + element_bytes(work_.out_dtype)));
    in_.drained();
    out_.filled();
    program_.queues[chips::kVector].push_back(multiply);
  }

  void store(std::int64_t elements, std::uint64_t key) {
    Instruction store;
    store.waits[0] = out_.may_drain();
    store.raises[0] = out_.raise_empty();
    store.bytes = whole(real(elements) * element_bytes(work_.out_dtype));
    store.key = key;
    out_.drained();
    program_.queues[chips::kMte3].push_back(store);
  }

  const GemmWork& work_;
  double ub_;
  compute::VectorUnit unit_;
  std::uint32_t cube_core_;
  FlagCounter flags_;
  Ring in_;
  Ring out_;
  compute::CoreProgram program_;
};

DequantLink::DequantLink(const GemmWork& work, const Target& target, std::uint32_t cube_core,
                         std::uint32_t workspace_tensor, std::uint32_t output_tensor)
    : cube_core_(cube_core), workspace_tensor_(workspace_tensor), output_tensor_(output_tensor) {
  const std::int64_t helpers = target.cores.vector() / target.cores.matrix();
  const std::uint32_t first =
      target.chip.davinci().cube_cores() + static_cast<std::uint32_t>(helpers) * cube_core;
  for (std::int64_t helper = 0; helper < helpers; ++helper) {
    writers_.emplace_back(work, target, first + static_cast<std::uint32_t>(helper), cube_core);
  }
}

DequantLink::~DequantLink() = default;

void DequantLink::hand_over(CubeWriter& cube, const GemmTile& tile, std::uint64_t number) {
  const auto tiles = static_cast<std::uint32_t>(reads_.size());
  const compute::Wait room = tiles < kStages
                                 ? compute::Wait{}
                                 : compute::Wait{sums_read(cube_core_), reads_[tiles - kStages]};
  const std::uint64_t sums =
      tile_key(workspace_tensor_, std::uint64_t{cube_core_} * kStages + tiles % kStages);
  const double bytes = real(tile.rows * tile.columns) * kSum;
  cube.store(sums, bytes, room, sums_there(cube_core_));
  const auto helpers = std::min(static_cast<std::int64_t>(writers_.size()), tile.rows);
  for (std::int64_t helper = 0; helper < helpers; ++helper) {
    const auto [begin, end] = share(tile.rows, helpers, helper);
    const auto part = static_cast<std::uint64_t>(kPieces / helpers * helper);
    writers_[static_cast<std::size_t>(helper)].scale(
        (end - begin) * tile.columns, tiles, sums,
        tile_key(output_tensor_, number * kPieces + part));
  }
  reads_.push_back((reads_.empty() ? 0 : reads_.back()) + static_cast<std::uint32_t>(helpers));
  largest_tile_ = std::max(largest_tile_, bytes);
}

void DequantLink::add_lengths(std::vector<std::vector<std::size_t>>& lengths) const {
  for (const DequantWriter& writer : writers_) {
    lengths.push_back(queue_lengths(writer.program()));
  }
}

void DequantLink::append_to(compute::TileProgram& program) {
  for (DequantWriter& writer : writers_) {
    program.cores.push_back(writer.take());
  }
  program.shared_flags = std::max(program.shared_flags, 2 * cube_core_ + 2);
  if (program.tensors.empty()) {
    program.tensors = {"workspace"};
    program.tensor_bytes = {0};
  }
  program.tensor_bytes[0] += kStages * largest_tile_;
}

}  // namespace reticle::kernels::davinci
