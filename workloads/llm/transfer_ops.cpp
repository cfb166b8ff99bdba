#include "workloads/llm/transfer_ops.h"

#include "schema/dtype.h"
#include "workloads/llm/operators.h"

namespace reticle::llm {

std::vector<LabelledOperator> send_operators(const MoeTransfer& dispatch,
                                             const Transfers& transfers) {
  std::vector<LabelledOperator> ops;
  if (transfers.send_op() == SEND_OP_AIV_DIRECT) {
    return ops;
  }
  const std::int64_t tokens = dispatch.tokens_per_rank();
  if (is_quantized(dispatch.dtype())) {
    ops.push_back({"dispatch_quantize", quantize(tokens, dispatch.hidden(), dispatch.dtype())});
  }
  if (transfers.send_op() == SEND_OP_PERMUTE) {
    ops.push_back(
        {"dispatch_send", permute(tokens, dispatch.hidden(), dispatch.topk(), dispatch.dtype())});
  }
  return ops;
}

std::vector<LabelledOperator> receive_operators(const MoeTransfer& combine,
                                                const Transfers& transfers) {
  if (transfers.send_op() == SEND_OP_AIV_DIRECT) {
    return {};
  }
  return {{"combine_sum", unpermute(combine.tokens_per_rank(), combine.hidden(), combine.topk(),
                                    combine.dtype())}};
}

}  // namespace reticle::llm
