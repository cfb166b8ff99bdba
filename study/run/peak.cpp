#include "study/run/peak.h"

#include "schema/config/fields.h"
#include "schema/dtype.h"
#include "schema/errors.h"

namespace reticle::study {

double peak_flops(const Chip& chip, Dtype dtype) {
  const bool davinci = chip.family() == FAMILY_DAVINCI;
  const auto& rates = davinci ? chip.davinci().matrix() : chip.tensor_gpu().matrix();
  const auto cores = davinci ? chip.davinci().cube_cores() : chip.tensor_gpu().sms();
  for (const MatrixRate& rate : rates) {
    if (rate.dtype() == matrix_dtype(dtype)) {
      return 2.0 * rate.macs_per_clk() * static_cast<double>(cores) * chip.clock();
    }
  }
  throw UsageError("chip " + chip.name() + " has no matrix unit for " +
                   config::enum_text(*Dtype_descriptor()->FindValueByNumber(dtype)));
}

}  // namespace reticle::study
