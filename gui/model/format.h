#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gui/model/time_range.h"

namespace reticle::gui {

// "12.346 µs": four or more significant digits in the unit that suits, from ps to s.
std::string format_duration(std::int64_t ps);

// "1.933 TB/s", "671.5 W": an SI prefix where the unit takes one (not "1", "%" or "degC").
std::string format_quantity(double value, std::string_view unit);

// "1,234,567".
std::string format_count(std::uint64_t count);
// Up to six significant digits.
std::string format_number(double value);

// What a kernel's label says: of a demangled C++ function its own name, without return type,
// namespaces, template arguments and parameters; of a wrapper (device_kernel<X>) that of what it
// wraps; any other text as it is.
std::string kernel_label(std::string_view name);

struct Tick {
  std::int64_t time_ps = 0;
  std::string label;
};

// Round instants (1, 2 or 5 times a power of ten) at least `spacing_px` apart.
std::vector<Tick> ruler_ticks(const Scale& scale, double spacing_px);

}  // namespace reticle::gui
