#include "study/retarget/attention_backward.h"

#include <algorithm>
#include <cmath>

namespace reticle::study {
namespace {

using traces::BackwardTile;

constexpr double kBf16 = 2;  // bytes
constexpr double kFp32 = 4;
constexpr double kWarpgroups = 2;

// Cycles of a warpgroup: `rows` x `columns` sums over `depth`, operands read from shared memory.
double product(double rows, double columns, double depth, double macs, const TensorGpu& gpu) {
  return std::max(rows * columns * depth / macs,
                  (rows + columns) * depth * kBf16 / gpu.shared_read());
}

// A block of queries against one of keys.
double step_cycles(const BackwardTile& tile, double macs, const TensorGpu& gpu) {
  const auto queries = static_cast<double>(tile.queries);
  const double keys = static_cast<double>(tile.keys) / kWarpgroups;  // of a warpgroup
  const auto d = static_cast<double>(tile.d);
  const auto v = static_cast<double>(tile.v);
  const double products = product(queries, keys, d, macs, gpu)                       // S = Q K
                          + product(queries, keys, v, macs, gpu)                     // dP = dO V
                          + product(keys, v, queries, macs, gpu)                     // dV += P dO
                          + product(keys, d, queries, macs, gpu)                     // dK += dS Q
                          + product(queries, d / kWarpgroups, 2 * keys, macs, gpu);  // dQ = dS K
  const double scores = queries * keys;
  // Scale and subtract, convert P; subtract D, times P, convert dS.
  constexpr double kPasses = 5;
  const double exponents = scores / gpu.sfu_rate();
  const double adds = kPasses * scores / gpu.fp32_rate();
  const double shared = (2 * scores * kBf16                    // P and dS, written
                         + queries * d / kWarpgroups * kFp32)  // dQ, for the TMA to add
                        / gpu.shared_read();
  constexpr double kWaits = 5;     // for products
  constexpr double kMeetings = 2;  // dS is there, dQ may be overwritten
  const double waits = kWaits * (gpu.matrix_latency() + gpu.barrier()) + kMeetings * gpu.barrier();
  return kWarpgroups * (products + exponents + adds + shared) + waits;
}

// A block of keys comes and its gradients go; nothing else has the SM's shared memory meanwhile.
double block_cycles(const BackwardTile& tile, const Chip& chip, double clock_hz) {
  const TensorGpu& gpu = chip.tensor_gpu();
  const double bytes = static_cast<double>(tile.keys * (tile.d + tile.v)) * kBf16;
  return chip.l2().latency() * clock_hz + gpu.tma_latency() + bytes / gpu.l2_read() +
         bytes / gpu.l2_write();
}

double macs_per_clk(const TensorGpu& gpu) {
  const auto rate = std::find_if(gpu.matrix().begin(), gpu.matrix().end(),
                                 [](const auto& one) { return one.dtype() == DTYPE_BFLOAT16; });
  return rate == gpu.matrix().end() ? 0 : static_cast<double>(rate->macs_per_clk());
}

}  // namespace

std::optional<std::int64_t> attention_backward_ps(const traces::RecognisedKernel& kernel,
                                                  const Chip& chip, std::int64_t sms,
                                                  double clock_hz) {
  const auto* op = std::get_if<Operator>(&kernel.op);
  const TensorGpu& gpu = chip.tensor_gpu();
  const double macs = macs_per_clk(gpu);
  if (op == nullptr || !op->has_mla_prefill() || kernel.backward.keys == 0 || macs == 0 ||
      gpu.matrix_instruction() != MATRIX_INSTRUCTION_WGMMA) {
    return std::nullopt;
  }
  const std::int64_t isl = op->mla_prefill().isl();
  std::int64_t steps = 0;
  std::int64_t blocks = 0;
  for (std::int64_t key = 0; key < isl; key += kernel.backward.keys) {  // causal
    steps += (isl - key + kernel.backward.queries - 1) / kernel.backward.queries;
    ++blocks;
  }
  const double cycles = static_cast<double>(steps) * step_cycles(kernel.backward, macs, gpu) +
                        static_cast<double>(blocks) * block_cycles(kernel.backward, chip, clock_hz);
  const auto heads =
      static_cast<double>(op->mla_prefill().num_heads() * op->mla_prefill().batch_size());
  return std::llround(cycles * heads / static_cast<double>(sms) / clock_hz * 1e12);
}

}  // namespace reticle::study
