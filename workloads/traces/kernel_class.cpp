#include "workloads/traces/kernel_class.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace reticle::traces {
namespace {

// Parts of lower-case names as PyTorch, CUTLASS, cuBLAS, FlashAttention, Triton, NCCL, DeepEP and
// DeepGEMM give them. What is fused takes the class of its largest part, so that comes first.
constexpr std::pair<std::string_view, KernelClass> kRules[] = {
    {"nccl", KernelClass::kCollective},
    {"hccl", KernelClass::kCollective},
    {"allreduce", KernelClass::kCollective},
    {"all_reduce", KernelClass::kCollective},
    {"cross_device_reduce", KernelClass::kCollective},
    {"get_dispatch_layout", KernelClass::kRoute},
    {"notify", KernelClass::kSynchronise},
    {"barrier", KernelClass::kSynchronise},
    {"internode::dispatch", KernelClass::kDispatch},
    {"intranode::dispatch", KernelClass::kDispatch},
    {"internode_ll::dispatch", KernelClass::kDispatch},
    {"moe_dispatch", KernelClass::kDispatch},
    {"internode::combine", KernelClass::kCombine},
    {"intranode::combine", KernelClass::kCombine},
    {"internode_ll::combine", KernelClass::kCombine},
    {"moe_combine", KernelClass::kCombine},
    {"flashattnbwd", KernelClass::kAttentionBackward},
    {"flash_bwd", KernelClass::kAttentionBackward},
    {"fmha_bwd", KernelClass::kAttentionBackward},
    {"attention_bwd", KernelClass::kAttentionBackward},
    {"attention_backward", KernelClass::kAttentionBackward},
    {"flash", KernelClass::kAttentionForward},
    {"fmha", KernelClass::kAttentionForward},
    {"attention", KernelClass::kAttentionForward},
    {"_attn_", KernelClass::kAttentionForward},
    {"mla_", KernelClass::kAttentionForward},
    {"swiglu", KernelClass::kActivation},
    {"silu", KernelClass::kActivation},
    {"gelu", KernelClass::kActivation},
    {"layer_norm", KernelClass::kNorm},
    {"layernorm", KernelClass::kNorm},
    {"rmsnorm", KernelClass::kNorm},
    {"rms_norm", KernelClass::kNorm},
    {"rotary", KernelClass::kRope},
    {"rope", KernelClass::kRope},
    {"cast_and_transpose", KernelClass::kQuantise},
    {"transpose<", KernelClass::kCopy},  // of scales, in DeepSeek's namespace grouped_gemm
    {"fill_tensormaps", KernelClass::kCopy},
    {"m_grouped", KernelClass::kGroupedGemm},
    {"k_grouped", KernelClass::kGroupedGemm},
    {"groupproblemshape", KernelClass::kGroupedGemm},
    {"grouped_gemm_kernel", KernelClass::kGroupedGemm},
    {"moe_gemm", KernelClass::kGroupedGemm},
    {"gemm", KernelClass::kGemm},
    {"gemv", KernelClass::kGemm},
    {"splitkreduce", KernelClass::kGemm},
    {"nvjet", KernelClass::kGemm},
    {"cublas", KernelClass::kGemm},
    {"s16816", KernelClass::kGemm},
    {"matmul", KernelClass::kGemm},
    {"cast_to_fp8", KernelClass::kQuantise},
    {"cast_back", KernelClass::kQuantise},
    {"quant", KernelClass::kQuantise},
    {"topk", KernelClass::kRoute},
    {"expert", KernelClass::kRoute},
    {"expand_to_fused", KernelClass::kRoute},
    {"reduce_fused", KernelClass::kRoute},
    {"fused_mapping", KernelClass::kRoute},
    {"permute", KernelClass::kRoute},
    {"aux_fi", KernelClass::kRoute},
    {"group_indices", KernelClass::kRoute},
    {"scatter_gather", KernelClass::kRoute},
    {"copy", KernelClass::kCopy},
    {"transpose", KernelClass::kCopy},
    {"fillfunctor", KernelClass::kCopy},
    {"memcpy", KernelClass::kCopy},
    {"memset", KernelClass::kCopy},
    {"elementwise", KernelClass::kElementwise},
    {"reduce_kernel", KernelClass::kElementwise},
    {"triton_", KernelClass::kElementwise},
};

}  // namespace

const char* class_name(KernelClass kernel_class) {
  constexpr std::array<const char*, kKernelClasses> kNames = {
      "gemm",     "grouped_gemm", "attention_forward", "attention_backward",
      "dispatch", "combine",      "synchronise",       "collective",
      "quantise", "norm",         "activation",        "rope",
      "route",    "copy",         "elementwise",       "other"};
  return kNames[static_cast<std::size_t>(kernel_class)];
}

KernelClass kernel_class(std::string_view name, Category category) {
  if (category == Category::kMemcpy || category == Category::kMemset) {
    return KernelClass::kCopy;
  }
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const auto& [part, meaning] : kRules) {
    if (lower.find(part) != std::string::npos) {
      return meaning;
    }
  }
  return KernelClass::kOther;
}

}  // namespace reticle::traces
