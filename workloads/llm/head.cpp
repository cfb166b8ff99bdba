#include "workloads/llm/head.h"

#include "schema/dtype.h"
#include "schema/operators.h"

namespace reticle::llm {

std::int64_t embedding_bytes(const StepContext& step) {
  const std::int64_t tokens = step.plan.tokens * step.plan.micro_batches;
  return data_bytes(tokens * step.model.hidden(), step.precision().head());
}

void add_head(Chain& chain, const StepContext& step) {
  const std::int64_t tokens = step.plan.head_tokens;
  const std::int64_t hidden = step.model.hidden();
  const std::int64_t vocabulary = step.model.vocabulary();
  chain.add("residual_head", operators::copy(data_bytes(tokens * hidden, DTYPE_BFLOAT16)));
  chain.add("rmsnorm_head", operators::rmsnorm(tokens, hidden));
  chain.add("head",
            operators::gemm(tokens, vocabulary, hidden, step.precision().head(), DTYPE_FLOAT32));
  chain.add("sample_softmax", operators::softmax(tokens, vocabulary, DTYPE_FLOAT32));
  chain.add("sample_topk", operators::topk(tokens, vocabulary, 1));
}

std::vector<int> joined(const std::vector<std::vector<int>>& ends) {
  std::vector<int> all;
  for (const std::vector<int>& one : ends) {
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

}  // namespace reticle::llm
