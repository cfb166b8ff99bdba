#include "models/kernels/tensor_gpu/partial_sums.h"

#include <algorithm>

#include "models/chips/family.h"
#include "models/kernels/numbers.h"
#include "models/kernels/program_builder.h"
#include "models/kernels/tensor_gpu/sm_steps.h"
#include "schema/dtype.h"
#include "sim/compute/units.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;
using compute::Instruction;

namespace {

enum TensorNumber : std::uint32_t { kPartial, kOutput };

constexpr std::int64_t kRows = 8;           // of a thread block
constexpr std::uint32_t kStages = 4;        // partial results on their way, a thread block
constexpr std::uint32_t kResident = 8;      // thread blocks of 256 threads an SM holds
constexpr std::int64_t kFp32 = 4;           // bytes
constexpr std::uint64_t kLse = 1ULL << 40;  // keys of log-sum-exps, apart from partial results

// The thread blocks of one SM, as many at a time as are resident.
class CombineWriter {
 public:
  CombineWriter(std::uint32_t sm, const CombineWork& work, std::uint32_t resident,
                const TensorGpu& gpu)
      : work_(work),
        gpu_(gpu),
        resident_(resident),
        lse_(flags_, resident, 1),
        partials_(flags_, resident * kStages, 1),
        sums_(flags_, resident, 1) {
    program_.core = sm;
    program_.queues.resize(chips::kSmQueues);
  }

  // Pieces [first, end) in steps of `stride`.
  compute::CoreProgram pieces(std::int64_t first, std::int64_t end, std::int64_t stride) {
    for (std::int64_t round = first; round < end; round += stride * resident_) {
      const std::int64_t last = std::min(end, round + stride * resident_);
      for (std::int64_t piece = round; piece < last; piece += stride) {
        load_lse(piece);
      }
      for (std::int64_t piece = round; piece < last; piece += stride) {
        sum(piece);
      }
    }
    return std::move(program_);
  }

 private:
  std::int64_t rows(std::int64_t piece) const {
    return std::min(kRows, work_.rows - piece * kRows);
  }

  // Partial results of a piece: [first, end) of those of all pieces.
  std::pair<std::int64_t, std::int64_t> splits(std::int64_t piece) const {
    return share(ceil_div(work_.partials, kRows), ceil_div(work_.rows, kRows), piece);
  }

  void load_lse(std::int64_t piece) {
    const auto [first, end] = splits(piece);
    Instruction load;
    load.waits[0] = lse_.may_fill();
    load.raises[0] = lse_.raise_full();
    load.bytes = narrow(rows(piece) * (end - first) * kFp32);
    load.key = memory::tile_key(kPartial, kLse + static_cast<std::uint64_t>(piece));
    lse_.filled();
    program_.queues[chips::kWarpLoad].push_back(load);
  }

  void sum(std::int64_t piece) {
    const std::int64_t elements = rows(piece) * work_.width;
    const std::int64_t pass = ceil_div(elements, static_cast<std::int64_t>(gpu_.fp32_rate()));
    const auto [first, end] = splits(piece);
    for (std::int64_t split = first; split < end; ++split) {
      Instruction load;
      load.waits[0] = partials_.may_fill();
      if (split == first) {
        load.waits[1] = lse_.may_drain();
      }
      load.raises[0] = partials_.raise_full();
      load.bytes = narrow(elements * kFp32);
      load.key = memory::tile_key(kPartial, static_cast<std::uint64_t>(split));
      partials_.filled();
      program_.queues[chips::kWarpLoad].push_back(load);
      add(pass, split == first, split + 1 == end);
    }
    Instruction store;
    store.waits[0] = sums_.may_drain();
    store.raises[0] = sums_.raise_empty();
    store.bytes = narrow(data_bytes(elements, work_.dtype));
    store.key = memory::tile_key(kOutput, static_cast<std::uint64_t>(piece));
    sums_.filled();
    sums_.drained();
    program_.queues[chips::kTmaStore].push_back(store);
  }

  // One partial result scaled and added; at the end a conversion.
  void add(std::int64_t pass, bool first, bool last) {
    Instruction add = vector_instruction(pass * (last ? 2 : 1), pass * (last ? 2 : 1), 0, gpu_);
    add.waits[0] = partials_.may_drain();
    add.raises[0] = partials_.raise_empty();
    partials_.drained();
    if (first) {
      lse_.drained();
    }
    if (last) {
      add.waits[1] = sums_.may_fill();
      add.raises[1] = sums_.raise_full();
    }
    program_.queues[chips::kCudaCores].push_back(add);
    if (last) {
      Instruction release;  // of the log-sum-exps
      release.raises[0] = lse_.raise_empty();
      program_.queues[chips::kCudaCores].push_back(release);
    }
  }

  const CombineWork& work_;
  const TensorGpu& gpu_;
  std::uint32_t resident_;
  FlagCounter flags_;
  Ring lse_;
  Ring partials_;
  Ring sums_;
  compute::CoreProgram program_;
};

}  // namespace

compute::TileProgram combine_program(const CombineWork& work, const Target& target) {
  const std::int64_t pieces = ceil_div(work.rows, kRows);
  const std::int64_t sms = std::min(pieces, target.cores.matrix());
  compute::TileProgram program;
  program.matrix_dtype = matrix_dtype(work.dtype);
  const auto resident =
      static_cast<std::uint32_t>(std::min<std::int64_t>(kResident, ceil_div(pieces, sms)));
  program.sharers = static_cast<double>(sms);
  program.parts =
      target.sketch ? static_cast<double>(pieces) / static_cast<double>(ceil_div(pieces, sms)) : 1;
  for (std::int64_t sm = 0; sm < (target.sketch ? 1 : sms); ++sm) {
    CombineWriter writer(static_cast<std::uint32_t>(sm), work, resident, target.chip.tensor_gpu());
    program.cores.push_back(writer.pieces(sm, pieces, sms));
  }
  program.variant = "sum of " + std::to_string(ceil_div(work.partials, work.rows)) + " splits";
  return program;
}

}  // namespace reticle::kernels::tensor_gpu
