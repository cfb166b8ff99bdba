#include "models/chips/hbm_rate.h"

namespace reticle::chips {

double hbm_pin_rate(const Hbm& hbm) {
  constexpr double kBitsPerByte = 8;
  return hbm.stacks() * hbm.channels_per_stack() * hbm.channel_width() / kBitsPerByte *
         hbm.data_rate();
}

}  // namespace reticle::chips
