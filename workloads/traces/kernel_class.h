#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "workloads/traces/recording.h"

namespace reticle::traces {

// What kernels do, for totals by class.
enum class KernelClass : std::uint8_t {
  kGemm,
  kGroupedGemm,
  kAttentionForward,
  kAttentionBackward,
  kDispatch,
  kCombine,
  kSynchronise,  // ranks agree on counts, or wait for each other
  kCollective,
  kQuantise,
  kNorm,
  kActivation,
  kRope,
  kRoute,  // gating, permutation of tokens to experts and back
  kCopy,   // copies, transposes, fills
  kElementwise,
  kOther,
};
constexpr std::size_t kKernelClasses = 16;

// "gemm", "attention_forward", ...
const char* class_name(KernelClass kernel_class);

// From the demangled name alone; rules in kernel_class.cpp, the first that matches counts.
KernelClass kernel_class(std::string_view name, Category category);

// Moves data between ranks, or waits for them.
constexpr bool is_communication(KernelClass c) {
  return c == KernelClass::kDispatch || c == KernelClass::kCombine ||
         c == KernelClass::kSynchronise || c == KernelClass::kCollective;
}

}  // namespace reticle::traces
