#include <algorithm>
#include <cmath>

#include "models/chips/family.h"
#include "models/kernels/program_builder.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "sim/compute/units.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels::tensor_gpu {

using compute::ceil_div;

namespace {

enum TensorNumber : std::uint32_t { kX, kY };

// Bytes an SM keeps in flight: 2048 resident threads with one 16-byte load each, in four groups of
// warps; measured bandwidth grows up to 32-40 KB an SM (gpu-benches, docs/tensor_gpu.md).
constexpr std::uint32_t kPiecesInFlight = 4;
constexpr std::int64_t kPieceBytes = 2048 * 16 / kPiecesInFlight;

std::int64_t whole(double bytes) { return static_cast<std::int64_t>(std::ceil(bytes)); }

// Rows are dealt out in pieces: several short rows at once, or one long row in several pieces, on
// one SM because its reduction is there.
struct Pieces {
  std::int64_t rows = 1;
  std::int64_t parts = 1;
};

Pieces cut(const VectorWork& work, std::int64_t sms) {
  const std::int64_t row =
      std::max<std::int64_t>(1, whole(std::max(work.read_bytes, work.write_bytes)));
  if (row > kPieceBytes) {
    return {1, ceil_div(row, kPieceBytes)};
  }
  return {std::min(ceil_div(work.rows, sms), kPieceBytes / row), 1};
}

class SmWriter {
 public:
  SmWriter(std::uint32_t sm, const VectorWork& work, double element_passes, const TensorGpu& gpu)
      : work_(work),
        element_passes_(element_passes),
        gpu_(gpu),
        in_(flags_, kPiecesInFlight, 1),
        out_(flags_, kPiecesInFlight, 1),
        reduced_(flags_, 1, 1) {
    program_.core = sm;
    program_.queues.resize(chips::kSmQueues);
  }

  // `rows` rows from `first` on, in `parts` pieces.
  void rows(std::int64_t first, std::int64_t rows, std::int64_t parts) {
    for (std::int64_t part = 0; part < parts; ++part) {
      whole_pass(first, rows, parts, part);
    }
  }

  // The first of two passes: reads the pieces and reduces them.
  void reduce(std::int64_t first, std::int64_t rows, std::int64_t parts) {
    for (std::int64_t part = 0; part < parts; ++part) {
      load(key(kX, first, parts, part), amount(work_.read_bytes, rows, parts, part));
      work(amount(element_passes_ / 2, rows, parts, part), 0, true, false);
    }
    program_.queues[chips::kCudaCores].back().raises[1] = reduced_.raise_full();
    reduced_.filled();
  }

  // The second: reads them again once the reduction is known, and writes.
  void apply(std::int64_t first, std::int64_t rows, std::int64_t parts) {
    const compute::Wait known = reduced_.may_drain();
    for (std::int64_t part = 0; part < parts; ++part) {
      load(key(kX, first, parts, part), amount(work_.read_bytes, rows, parts, part));
      program_.queues[chips::kTma].back().waits[1] = known;
      work(amount(element_passes_ / 2, rows, parts, part),
           amount(work_.special_passes, rows, parts, part), true, true);
      store(key(kY, first, parts, part), amount(work_.write_bytes, rows, parts, part));
    }
    reduced_.drained();
  }

  compute::CoreProgram take() { return std::move(program_); }

 private:
  static std::int64_t amount(double a_row, std::int64_t rows, std::int64_t parts,
                             std::int64_t part) {
    const auto [begin, end] = share(whole(a_row * static_cast<double>(rows)), parts, part);
    return end - begin;
  }

  static std::uint64_t key(std::uint32_t tensor, std::int64_t first, std::int64_t parts,
                           std::int64_t part) {
    return memory::tile_key(tensor, static_cast<std::uint64_t>(first * parts + part));
  }

  // A piece that is read, worked on and written at once.
  void whole_pass(std::int64_t first, std::int64_t rows, std::int64_t parts, std::int64_t part) {
    const std::int64_t read = amount(work_.read_bytes, rows, parts, part);
    const std::int64_t written = amount(work_.write_bytes, rows, parts, part);
    if (read > 0) {
      load(key(kX, first, parts, part), read);
    }
    work(amount(element_passes_, rows, parts, part),
         amount(work_.special_passes, rows, parts, part), read > 0, written > 0);
    if (written > 0) {
      store(key(kY, first, parts, part), written);
    }
  }

  void load(std::uint64_t key, std::int64_t bytes) {
    compute::Instruction step;
    step.waits[0] = in_.may_fill();
    step.raises[0] = in_.raise_full();
    step.bytes = static_cast<std::uint32_t>(bytes);
    step.key = key;
    in_.filled();
    program_.queues[chips::kTma].push_back(step);
  }

  void store(std::uint64_t key, std::int64_t bytes) {
    compute::Instruction step;
    step.waits[0] = out_.may_drain();
    step.raises[0] = out_.raise_empty();
    step.bytes = static_cast<std::uint32_t>(bytes);
    step.key = key;
    out_.drained();
    program_.queues[chips::kTmaStore].push_back(step);
  }

  // FP32 lanes and SFU work side by side; a barrier joins the block's warps.
  void work(std::int64_t simple, std::int64_t special, bool reads, bool writes) {
    const auto lanes = ceil_div(simple, static_cast<std::int64_t>(gpu_.fp32_rate()));
    const auto sfu = ceil_div(special, static_cast<std::int64_t>(gpu_.sfu_rate()));
    compute::Instruction step;
    if (reads) {
      step.waits[0] = in_.may_drain();
      step.raises[0] = in_.raise_empty();
      in_.drained();
    }
    if (writes) {
      step.waits[1] = out_.may_fill();
      step.raises[1] = out_.raise_full();
      out_.filled();
    }
    step.uses = {compute::Use{RESOURCE_VECTOR, static_cast<std::uint32_t>(lanes)},
                 compute::Use{RESOURCE_SFU, static_cast<std::uint32_t>(sfu)}};
    step.cycles = static_cast<std::uint32_t>(std::max(lanes, sfu)) +
                  (simple + special > 0 ? gpu_.barrier() : 0);
    step.operations = static_cast<std::uint32_t>(simple + special);
    program_.queues[chips::kCudaCores].push_back(step);
  }

  const VectorWork& work_;
  double element_passes_;  // a row
  const TensorGpu& gpu_;
  FlagCounter flags_;
  Ring in_;
  Ring out_;
  Ring reduced_;  // raised when a row is known; never waited for to be free
  compute::CoreProgram program_;
};

// Rows `begin` to `end` on one SM. Of two passes, the first of the next rows runs before the second
// of these: two thread blocks an SM.
void write_rows(SmWriter& writer, const VectorWork& work, const Pieces& pieces, std::int64_t begin,
                std::int64_t end) {
  const auto count = [&](std::int64_t row) { return std::min(pieces.rows, end - row); };
  if (work.two_passes && begin < end) {
    writer.reduce(begin, count(begin), pieces.parts);
  }
  for (std::int64_t row = begin; row < end; row += pieces.rows) {
    if (!work.two_passes) {
      writer.rows(row, count(row), pieces.parts);
      continue;
    }
    const std::int64_t next = row + pieces.rows;
    if (next < end) {
      writer.reduce(next, count(next), pieces.parts);
    }
    writer.apply(row, count(row), pieces.parts);
  }
}

// Quantisers of serving frameworks execute more instructions than the arithmetic needs: addresses
// of groups, divisions, stores byte by byte.
double element_passes(const VectorWork& work, const Target& target) {
  return std::max(work.element_passes,
                  target.variants.quantize_passes() * static_cast<double>(work.quantized));
}

}  // namespace

compute::TileProgram vector_program(const Work& work, const Target& target) {
  const VectorWork& rows = *work.vector;
  const std::int64_t sms = std::min<std::int64_t>(target.cores.matrix(), rows.rows);
  const Pieces pieces = cut(rows, sms);
  compute::TileProgram program;
  program.sharers = static_cast<double>(sms);
  program.parts =
      target.sketch ? static_cast<double>(rows.rows) / static_cast<double>(ceil_div(rows.rows, sms))
                    : 1;
  for (std::int64_t sm = 0; sm < (target.sketch ? 1 : sms); ++sm) {
    SmWriter writer(static_cast<std::uint32_t>(sm), rows, element_passes(rows, target),
                    target.chip.tensor_gpu());
    const auto [begin, end] = share(rows.rows, sms, sm);
    write_rows(writer, rows, pieces, begin, end);
    program.cores.push_back(writer.take());
  }
  program.variant = std::to_string(pieces.rows) + " rows a piece, " + std::to_string(pieces.parts) +
                    " pieces a row, " + std::to_string(sms) + " SMs";
  return program;
}

}  // namespace reticle::kernels::tensor_gpu
