#include "gui/app/options.h"

#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "schema/errors.h"

namespace reticle::gui {
namespace {

constexpr double kPsPerUs = 1e6;
constexpr double kLongest_us = 9e12;  // of 2^63 ps
constexpr int kSmallest_px = 10;
constexpr int kLargest_px = 20'000;

// The numbers on both sides of `separator`; nothing if that is not what `text` is.
template <class Number>
std::optional<std::pair<Number, Number>> two_numbers(std::string_view text,
                                                     std::string_view separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string_view::npos) {
    return {};
  }
  const auto number = [](std::string_view part, Number& value) {
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    return error == std::errc() && end == part.data() + part.size();
  };
  std::pair<Number, Number> found;
  const bool good = number(text.substr(0, at), found.first) &&
                    number(text.substr(at + separator.size()), found.second);
  return good ? std::optional(found) : std::nullopt;
}

bool is_size(int pixels) { return pixels >= kSmallest_px && pixels <= kLargest_px; }

}  // namespace

void parse_size(const std::string& text, Options& options) {
  const auto size = two_numbers<int>(text, "x");
  if (!size || !is_size(size->first) || !is_size(size->second)) {
    throw UsageError("--size " + text + ": expected WIDTHxHEIGHT in pixels, such as 1400x850");
  }
  options.width = size->first;
  options.height = size->second;
}

TimeRange parse_range(const std::string& option, const std::string& text) {
  const auto range = two_numbers<double>(text, "..");
  if (!range || !(range->first >= 0) || !(range->second <= kLongest_us)) {
    throw UsageError(option + " " + text + ": expected A..B in microseconds, such as 100..250.5");
  }
  if (range->first >= range->second) {
    throw UsageError(option + " " + text + ": A must be less than B");
  }
  return {std::llround(range->first * kPsPerUs), std::llround(range->second * kPsPerUs)};
}

}  // namespace reticle::gui
