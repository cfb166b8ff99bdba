#include "models/chips/hbm_rate.h"

namespace reticle::chips {

double hbm_pin_rate(const Hbm& hbm) {
  constexpr double kBitsPerByte = 8;
  return hbm.stacks() * hbm.channels_per_stack() * hbm.channel_width() / kBitsPerByte *
         hbm.data_rate();
}

double hbm_rate(const Hbm& hbm) { return hbm_pin_rate(hbm) * hbm.service_fraction(); }

}  // namespace reticle::chips
