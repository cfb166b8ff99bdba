#pragma once

#include <string_view>

namespace reticle::trace {

// Whether a text is well-formed UTF-8 (Unicode 15, table 3-7), as protobuf strings must be.
bool is_utf8(std::string_view text);

}  // namespace reticle::trace
