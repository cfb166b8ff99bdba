#include "workloads/llm/transfer_ops.h"

#include "schema/dtype.h"
#include "schema/operators.h"

namespace reticle::llm {
namespace {

// Whether the transfer's own kernel quantises and sums: on vector cores, or on the SMs of the
// low-latency mode.
bool in_the_kernel(const MoeTransfer& op, const Transfers& transfers) {
  return transfers.send_op() == SEND_OP_AIV_DIRECT ||
         (op.mode() == TRANSFER_MODE_LOW_LATENCY && transfers.has_low_latency());
}

}  // namespace

std::vector<LabelledOperator> send_operators(const MoeTransfer& dispatch,
                                             const Transfers& transfers) {
  std::vector<LabelledOperator> ops;
  if (in_the_kernel(dispatch, transfers)) {
    return ops;
  }
  const std::int64_t tokens = dispatch.tokens_per_rank();
  if (is_quantized(dispatch.dtype())) {
    ops.push_back(
        {"dispatch_quantize", operators::quantize(tokens, dispatch.hidden(), dispatch.dtype())});
  }
  if (transfers.send_op() == SEND_OP_PERMUTE) {
    ops.push_back({"dispatch_send", operators::permute(tokens, dispatch.hidden(), dispatch.topk(),
                                                       dispatch.dtype())});
  }
  return ops;
}

bool regroups(const MoeTransfer& op) { return op.mode() == TRANSFER_MODE_NORMAL; }

bool sums_on_the_way(const MoeTransfer& combine, const Transfers& transfers) {
  return combine.mode() == TRANSFER_MODE_NORMAL && !transfers.has_dma();
}

std::vector<LabelledOperator> receive_operators(const MoeTransfer& combine,
                                                const Transfers& transfers) {
  if (in_the_kernel(combine, transfers)) {
    return {};
  }
  return {{"combine_sum", operators::unpermute(combine.tokens_per_rank(), combine.hidden(),
                                               combine.topk(), combine.dtype())}};
}

}  // namespace reticle::llm
