#include "sim/trace/utf8.h"

#include <cstddef>

namespace reticle::trace {
namespace {

bool between(unsigned value, unsigned low, unsigned high) { return value >= low && value <= high; }

// Length of the sequence a lead byte starts, 0 if it starts none.
std::size_t length(unsigned lead) {
  if (lead < 0x80) {
    return 1;
  }
  if (between(lead, 0xC2, 0xDF)) {
    return 2;
  }
  if (between(lead, 0xE0, 0xEF)) {
    return 3;
  }
  return between(lead, 0xF0, 0xF4) ? 4 : 0;
}

// The second byte's range depends on the lead: no overlong forms, no surrogates, none past
// U+10FFFF.
bool second_fits(unsigned lead, unsigned second) {
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return between(second, low, high);
}

}  // namespace

bool is_utf8(std::string_view text) {
  auto byte = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(text[i]));
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = length(byte(i));
    if (n == 0 || i + n > text.size() || (n > 1 && !second_fits(byte(i), byte(i + 1)))) {
      return false;
    }
    for (std::size_t k = 2; k < n; ++k) {
      if (!between(byte(i + k), 0x80, 0xBF)) {
        return false;
      }
    }
    i += n;
  }
  return true;
}

}  // namespace reticle::trace
