#include "study/run/peak.h"

#include "models/kernels/kernel_key.h"
#include "schema/config/fields.h"
#include "schema/dtype.h"
#include "schema/errors.h"

namespace reticle::study {

double peak_flops(const Chip& chip, Dtype dtype) {
  const auto& rates =
      chip.family() == FAMILY_DAVINCI ? chip.davinci().matrix() : chip.tensor_gpu().matrix();
  for (const MatrixRate& rate : rates) {
    if (rate.dtype() == matrix_dtype(dtype)) {
      return 2.0 * rate.macs_per_clk() * static_cast<double>(kernels::all_cores(chip).matrix()) *
             chip.clock();
    }
  }
  throw UsageError("chip " + chip.name() + " has no matrix unit for " +
                   config::enum_text(*Dtype_descriptor()->FindValueByNumber(dtype)));
}

}  // namespace reticle::study
