#pragma once

#include "models/kernels/kernel_key.h"
#include "models/kernels/kernel_model.h"

namespace reticle::test {

Operator moe(std::int64_t tokens, const std::string& distribution, Dtype dtype);

// configs/chips/h100-sxm.yaml with its software stack, on all SMs, inputs rotated as in benchmarks.
class H100 {
 public:
  H100();
  explicit H100(const Chip& chip, const std::string& name = "gpu");

  DemandVector run(const Operator& op, L2Start start = L2_START_BENCH);
  // With the time of the launches in a captured graph, as `reticle kernel` reports it.
  double microseconds(const Operator& op);

 private:
  Chip chip_;
  Software software_;
  kernels::KernelModel model_;
};

}  // namespace reticle::test
