#pragma once

#include "models/kernels/work.h"

namespace reticle::kernels {

// Attention cores (design section 5): scores and weighted values, without projections. Operations
// are 2 (key width + value width) a query and key; causal ones count half of the square. UsageError
// where query heads do not divide among key/value heads.
Work attention_decode_work(const AttentionDecode& op);
Work attention_prefill_work(const AttentionPrefill& op);
// Naive MLA: keys of 192 (128 + 64 rotary), values of 128, a key/value head for every query head.
Work mla_prefill_work(const MlaPrefill& op);

// Type of the output: bf16 where operands are quantised.
Dtype attention_out(Dtype dtype);

}  // namespace reticle::kernels
