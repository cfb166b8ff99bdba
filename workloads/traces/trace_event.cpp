#include "workloads/traces/trace_event.h"

#include <charconv>
#include <cmath>

namespace reticle::traces {
namespace {

constexpr std::int32_t kPsPerUs = 1000000;
constexpr double kMostUs = 9e18;

// "1.5e6": rare, so a double's digits are enough.
std::optional<EventTime> from_double(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(std::abs(value) < kMostUs)) {
    return std::nullopt;
  }
  const double whole = std::floor(value);
  return EventTime{static_cast<std::int64_t>(whole),
                   static_cast<std::int32_t>((value - whole) * kPsPerUs)};
}

}  // namespace

std::optional<EventTime> event_time(std::string_view text) {
  EventTime time;
  const char* const end = text.data() + text.size();
  const auto [point, error] = std::from_chars(text.data(), end, time.us);
  if (error != std::errc()) {
    return std::nullopt;
  }
  if (point == end) {
    return time;
  }
  if (*point != '.') {
    return from_double(text);
  }
  std::int32_t unit = kPsPerUs / 10;
  for (const char* digit = point + 1; digit != end; ++digit, unit /= 10) {
    if (*digit < '0' || *digit > '9') {
      return from_double(text);
    }
    time.ps += (*digit - '0') * unit;
  }
  if (text.front() == '-' && time.ps > 0) {
    time.us -= 1;
    time.ps = kPsPerUs - time.ps;
  }
  return time;
}

void TraceEvent::clear() {
  phase = 0;
  category.clear();
  name = 0;
  pid.clear();
  tid.clear();
  start.reset();
  duration.reset();
  id.clear();
  correlation = 0;
  details = Details{};
  has_details = false;
  text.clear();
  values.clear();
}

}  // namespace reticle::traces
