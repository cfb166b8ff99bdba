#include "workloads/traces/transfer_kernels.h"

#include <algorithm>

#include "workloads/traces/recognised.h"

namespace reticle::traces {

RecognisedKernel moe_transfer(const LaunchedKernel& kernel, bool dispatch, const Model& model,
                              std::int64_t ranks, std::int64_t tokens) {
  if (!model.has_experts() || ranks < 2 || tokens == 0) {
    return {};
  }
  CollectiveOperator op;
  MoeTransfer& t = dispatch ? *op.mutable_moe_dispatch() : *op.mutable_moe_combine();
  t.set_ranks(ranks);
  t.set_tokens_per_rank(tokens);
  t.set_hidden(model.hidden());
  t.set_topk(model.experts().topk());
  t.set_experts(model.experts().routed());
  t.set_mode(kernel.name->has("internode_ll") ? TRANSFER_MODE_LOW_LATENCY : TRANSFER_MODE_NORMAL);
  t.set_dtype(dispatch ? DTYPE_FP8_BLOCK : DTYPE_BFLOAT16);
  t.set_sms(kernel.details->grid[0]);
  return made(op, Confidence::kMedium);
}

RecognisedKernel token_counts(const Model& model, std::int64_t ranks) {
  if (ranks < 2) {
    return {};
  }
  CollectiveOperator op;
  Collective& c = *op.mutable_all_reduce();
  c.set_ranks(ranks);
  c.set_bytes(kFp32 * std::max<std::int64_t>(model.experts().routed(), ranks));
  c.set_dtype(DTYPE_FLOAT32);
  c.set_placement("packed");
  return made(op, Confidence::kMedium, "counts of tokens");
}

RecognisedKernel collective(const LaunchedKernel& kernel, const Strings& strings) {
  const Details& d = *kernel.details;
  const std::string& name = strings.text(d.collective);
  const std::string& type = strings.text(d.dtype);
  const std::int64_t bytes = type == "BFloat16" || type == "Half" ? kBf16 : kFp32;
  const auto in = static_cast<std::int64_t>(d.in_elements) * bytes;
  const auto whole = static_cast<std::int64_t>(d.out_elements) * bytes;
  if (name.empty() || d.group_size < 2 || in <= 0) {
    return {};
  }
  CollectiveOperator op;
  Collective* c = nullptr;
  if (name.find("allreduce") != std::string::npos) {
    c = op.mutable_all_reduce();
  } else if (name.find("allgather") != std::string::npos) {
    c = op.mutable_all_gather();
  } else if (name.find("reduce_scatter") != std::string::npos) {
    c = op.mutable_reduce_scatter();
  } else if (name.find("all_to_all") != std::string::npos) {
    c = op.mutable_all_to_all();
  } else {
    return {};
  }
  c->set_ranks(d.group_size);
  c->set_bytes(op.has_all_gather() ? std::max(whole, in) : in);
  c->set_dtype(bytes == kBf16 ? DTYPE_BFLOAT16 : DTYPE_FLOAT32);
  c->set_placement("packed");
  return made(op, Confidence::kHigh);
}

}  // namespace reticle::traces
