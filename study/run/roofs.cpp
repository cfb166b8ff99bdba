#include "study/run/roofs.h"

#include "models/chips/hbm_rate.h"
#include "schema/config/fields.h"
#include "study/run/peak.h"

namespace reticle::study {

std::vector<std::pair<std::string, std::string>> roof_properties(const Chip& chip) {
  std::vector<std::pair<std::string, std::string>> out = {
      {"hbm_bytes_per_s", std::to_string(chips::hbm_pin_rate(chip.hbm()))}};
  const auto& rates =
      chip.family() == FAMILY_DAVINCI ? chip.davinci().matrix() : chip.tensor_gpu().matrix();
  for (const MatrixRate& rate : rates) {
    const std::string dtype =
        config::enum_text(*Dtype_descriptor()->FindValueByNumber(rate.dtype()));
    out.emplace_back("peak_" + dtype + "_per_s", std::to_string(peak_flops(chip, rate.dtype())));
  }
  return out;
}

}  // namespace reticle::study
