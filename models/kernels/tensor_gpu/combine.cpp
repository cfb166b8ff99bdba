#include "models/kernels/tensor_gpu/combine.h"

#include "models/chips/family.h"
#include "models/kernels/numbers.h"
#include "models/kernels/tensor_gpu/sm_steps.h"
#include "schema/dtype.h"
#include "sim/compute/units.h"

namespace reticle::kernels::tensor_gpu {

using compute::Instruction;
using compute::Wait;

namespace {

constexpr std::uint32_t kPiecesInFlight = 4;
constexpr std::int64_t kFp32 = 4;

}  // namespace

Combiner::Combiner(FlagCounter& flags, const TensorGpu& gpu, Dtype out)
    : gpu_(gpu),
      out_(out),
      partials_(flags, kPiecesInFlight, 1),
      combined_(flags, kPiecesInFlight, 1) {}

void Combiner::add(const CombinePiece& piece, std::int64_t stored, compute::CoreProgram& program) {
  const std::int64_t elements = piece.rows * piece.width;
  const std::int64_t pass =
      compute::ceil_div(elements, static_cast<std::int64_t>(gpu_.fp32_rate()));
  for (std::size_t i = 0; i < piece.partials.size(); ++i) {
    Instruction load;
    load.waits = {Wait{kPartialsStored, narrow(stored)}, partials_.may_fill()};
    load.raises[0] = partials_.raise_full();
    load.bytes = narrow(elements * kFp32);
    load.key = piece.partials[i];
    partials_.filled();
    program.queues[chips::kTma].push_back(load);
    const bool last = i + 1 == piece.partials.size();
    const std::int64_t passes = pass * (last ? 2 : 1);
    Instruction add = vector_instruction(passes, passes, 0, gpu_);
    add.waits[0] = partials_.may_drain();
    add.raises[0] = partials_.raise_empty();
    if (last) {
      add.waits[1] = combined_.may_fill();
      add.raises[1] = combined_.raise_full();
    }
    partials_.drained();
    program.queues[chips::kCudaCores].push_back(add);
  }
  combined_.filled();
  Instruction store;
  store.waits[0] = combined_.may_drain();
  store.raises[0] = combined_.raise_empty();
  store.bytes = narrow(data_bytes(elements, out_));
  store.key = piece.output;
  combined_.drained();
  program.queues[chips::kTmaStore].push_back(store);
}

}  // namespace reticle::kernels::tensor_gpu
