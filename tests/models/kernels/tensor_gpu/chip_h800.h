#pragma once

#include "models/chips/machine.h"
#include "models/kernels/mapping.h"
#include "schema/chip.pb.h"

// The parts of configs/chips/h800-sxm.yaml that kernels see, by hand, so that these tests need no
// files.
namespace reticle::test {

Chip h800();

// A chip elaborated once, with the program of an operator run on it.
class Gpu {
 public:
  explicit Gpu(const Chip& chip);

  chips::RunActivity run(const Operator& op, std::int64_t sms = 0);
  compute::TileProgram program(const Operator& op, std::int64_t sms = 0) const;
  KernelVariants variants;  // as deepseek-profile

 private:
  Chip chip_;
  chips::Machine machine_;
};

Operator gemm(std::int64_t m, std::int64_t n, std::int64_t k, Dtype dtype);
Operator grouped_gemm(const std::vector<std::int64_t>& rows, std::int64_t n, std::int64_t k,
                      Dtype dtype);
Operator mla_decode(std::int64_t batch, std::int64_t kv_len, std::int64_t heads);

double microseconds(const chips::RunActivity& activity);

}  // namespace reticle::test
