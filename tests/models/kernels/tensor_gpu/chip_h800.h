#pragma once

#include "models/chips/machine.h"
#include "models/kernels/mapping.h"
#include "schema/chip.pb.h"
#include "schema/operators.h"

namespace reticle::test {

// configs/chips/h800-sxm.yaml at 1.755 GHz, the clock of the published measurements.
Chip h800();

// A chip elaborated once, with the program of an operator run on it.
class Gpu {
 public:
  explicit Gpu(const Chip& chip, const std::string& name = "gpu");

  chips::RunActivity run(const Operator& op, std::int64_t sms = 0);
  compute::TileProgram program(const Operator& op, std::int64_t sms = 0) const;
  compute::TileProgram program(const kernels::Work& work) const;
  std::vector<kernels::Work> launches(const Operator& op) const;
  KernelVariants variants;  // as cuda-hopper

 private:
  Chip chip_;
  chips::Machine machine_;
};

using operators::gemm;
using operators::grouped_gemm;
Operator mla_decode(std::int64_t batch, std::int64_t kv_len, std::int64_t heads);

// Bytes that the loads or stores of a tensor (its number) move over all cores.
double bytes_moved(const compute::TileProgram& program, std::size_t queue, std::uint32_t tensor);

double microseconds(const chips::RunActivity& activity);

}  // namespace reticle::test
