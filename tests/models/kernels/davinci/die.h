#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "models/chips/family.h"
#include "models/kernels/mapping.h"
#include "schema/config/catalog.h"
#include "schema/operators.h"

namespace reticle::kernels {

inline Chip chip_named(const std::string& name) {
  return config::Catalog(RETICLE_SOURCE_DIR "/configs").chip(name).message;
}

inline Chip die() { return chip_named("ascend-910c-die"); }

inline KernelVariants variants(Dequant dequant = DEQUANT_VECTOR,
                               MlaVariant mla = MLA_VARIANT_CM384) {
  KernelVariants kernels;
  kernels.set_mla(mla);
  kernels.set_gemm_dequant(dequant);
  return kernels;
}

inline Cores cores(std::int64_t matrix, std::int64_t vector) {
  Cores allotted;
  allotted.set_matrix(matrix);
  allotted.set_vector(vector);
  return allotted;
}

inline Work gemm(std::int64_t m, std::int64_t n, std::int64_t k, Dtype dtype = DTYPE_BFLOAT16) {
  return work_of(operators::gemm(m, n, k, dtype));
}

inline Work grouped(const std::vector<std::int64_t>& rows, std::int64_t n, std::int64_t k,
                    Dtype dtype) {
  return work_of(operators::grouped_gemm(rows, n, k, dtype));
}

inline Work mla(std::int64_t batch, std::int64_t kv_len, std::int64_t q_len, std::int64_t heads) {
  return work_of(operators::mla_decode(batch, kv_len, q_len, heads, DTYPE_BFLOAT16));
}

// A machine of this chip; SystemC wants all machines of a process made before the first run.
struct Bench {
  explicit Bench(const Chip& of, const std::string& name = "die")
      : chip(of), machine(name, chips::machine_spec(chip, chip.clock())) {}

  chips::RunActivity run(const Work& work, const Cores& allotted, Dequant dequant = DEQUANT_VECTOR,
                         MlaVariant mla = MLA_VARIANT_CM384) {
    const KernelVariants kernels = variants(dequant, mla);
    program = map_davinci(work, {chip, kernels, allotted, chip.clock()});
    return machine.run(program, {});
  }

  Chip chip;
  chips::Machine machine;
  compute::TileProgram program;
};

inline double tflops(const Work& work, const chips::RunActivity& activity) {
  return work.operations / static_cast<double>(activity.elapsed);
}

// Peak operations a picosecond (TFLOPS) of the cores allotted.
inline double peak(const Chip& chip, Dtype dtype, std::int64_t matrix_cores) {
  for (const MatrixRate& rate : chip.davinci().matrix()) {
    if (rate.dtype() == dtype) {
      return 2.0 * rate.macs_per_clk() * static_cast<double>(matrix_cores) * chip.clock() / 1e12;
    }
  }
  return 0;
}

// Operations all cores did on a resource.
inline double operations(const chips::RunActivity& activity, Resource resource) {
  double total = 0;
  for (const compute::Activity& core : activity.cores) {
    const auto found = core.operations.find(resource);
    total += found == core.operations.end() ? 0 : found->second;
  }
  return total;
}

// Mean share of the elapsed time that the cube cores' `resource` was busy.
inline double busy_share(const Chip& chip, const chips::RunActivity& activity, Resource resource,
                         std::int64_t cores_allotted) {
  double cycles = 0;
  for (const compute::Activity& core : activity.cores) {
    const auto found = core.busy.find(resource);
    cycles += found == core.busy.end() ? 0 : static_cast<double>(found->second);
  }
  const double elapsed = static_cast<double>(activity.elapsed) / 1e12 * chip.clock();
  return cycles / elapsed / static_cast<double>(cores_allotted);
}

}  // namespace reticle::kernels
