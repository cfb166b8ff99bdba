#include "schema/config/units.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

#include "schema/config/suggest.h"

namespace reticle::config {
namespace {

struct Prefix {
  const char* text;
  int exponent;       // of ten
  double multiplier;  // exact: a power of two
};

using Prefixes = std::vector<Prefix>;

// A way to write a unit, worth 10^exponent * multiplier of the canonical one.
struct Form {
  const char* symbol;
  int exponent;
  double multiplier;
  Prefixes prefixes;
};

struct Unit {
  const char* canonical;
  std::vector<Form> forms;
};

Prefixes operator+(Prefixes a, const Prefixes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Only prefixes that make sense of a unit: there are no millibytes, so `mB` is a slip, not 0.001 B.
const std::vector<Unit>& units() {
  static const Prefixes none = {{"", 0, 1}};
  static const Prefixes large =
      none + Prefixes{{"k", 3, 1}, {"M", 6, 1}, {"G", 9, 1}, {"T", 12, 1}};
  static const Prefixes binary = {
      {"Ki", 0, 0x1p10}, {"Mi", 0, 0x1p20}, {"Gi", 0, 0x1p30}, {"Ti", 0, 0x1p40}};
  static const Prefixes small = {{"m", -3, 1}, {"u", -6, 1}, {"n", -9, 1}, {"p", -12, 1}};
  static const double per_byte = 8;       // bits in a byte: of an energy a bit
  static const double of_byte = 1 / 8.0;  // of a rate in bits
  static const std::vector<Unit> all = {
      {"B", {{"B", 0, 1, large + binary}}},
      {"B/s",
       {{"B/s", 0, 1, large + binary}, {"b/s", 0, of_byte, large}, {"bit/s", 0, of_byte, large}}},
      {"b/s", {{"b/s", 0, 1, large}, {"bit/s", 0, 1, large}}},
      {"B/clk", {{"B/clk", 0, 1, large + binary}}},
      {"op/clk", {{"op/clk", 0, 1, none}}},
      {"op/s", {{"op/s", 0, 1, large}, {"FLOP/s", 0, 1, large}}},
      {"clk", {{"clk", 0, 1, none}}},
      {"Hz", {{"Hz", 0, 1, large}}},
      {"s", {{"s", 0, 1, none + small}}},
      {"year", {{"year", 0, 1, none}}},
      {"m", {{"m", 0, 1, none + small}, {"cm", -2, 1, none}, {"km", 3, 1, none}}},
      {"m2", {{"m2", 0, 1, none}, {"cm2", -4, 1, none}, {"mm2", -6, 1, none}}},
      {"/m2", {{"/m2", 0, 1, none}, {"/cm2", 4, 1, none}, {"/mm2", 6, 1, none}}},
      {"W", {{"W", 0, 1, large + small}}},
      {"J", {{"J", 0, 1, large + small}}},
      {"V", {{"V", 0, 1, none + Prefixes{{"m", -3, 1}}}}},
      {"degC", {{"degC", 0, 1, none}}},
      {"K", {{"K", 0, 1, none}}},
      {"K/W", {{"K/W", 0, 1, none}}},
      {"J/op", {{"J/op", 0, 1, none + small}, {"J/FLOP", 0, 1, none + small}}},
      {"J/bit", {{"J/bit", 0, 1, none + small}, {"J/b", 0, 1, none + small}}},
      {"J/B",
       {{"J/B", 0, 1, none + small},
        {"J/bit", 0, per_byte, none + small},
        {"J/b", 0, per_byte, none + small}}},
      {"kg", {{"kg", 0, 1, none}, {"g", -3, 1, none}, {"t", 3, 1, none}}},
      {"kg/m2", {{"kg/m2", 0, 1, none}, {"g/cm2", 1, 1, none}, {"kg/cm2", 4, 1, none}}},
      {"kg/kWh", {{"kg/kWh", 0, 1, none}, {"g/kWh", -3, 1, none}}},
      {"kWh/m2", {{"kWh/m2", 0, 1, none}, {"kWh/cm2", 4, 1, none}}},
      {"USD", {{"USD", 0, 1, large}}},
      {"USD/W", {{"USD/W", 0, 1, none}, {"USD/kW", -3, 1, none}}},
      {"USD/h", {{"USD/h", 0, 1, large}}},
      {"USD/kWh", {{"USD/kWh", 0, 1, none}, {"USD/MWh", -3, 1, none}}},
      {"USD/kW-month", {{"USD/kW-month", 0, 1, none}, {"USD/MW-month", -3, 1, none}}},
  };
  return all;
}

const Unit& unit_of(const std::string& canonical) {
  for (const Unit& unit : units()) {
    if (canonical == unit.canonical) {
      return unit;
    }
  }
  throw std::logic_error("schema unit not in units.cpp: " + canonical);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) {
    ++at;
  }
  return at;
}

// [+-]digits[.digits][e[+-]digits], and what follows it.
struct Written {
  std::string mantissa;
  int exponent = 0;
  std::string rest;
};

std::string quoted(const std::string& text) { return "`" + text + "`"; }

Written split(const std::string& text) {
  const std::size_t digits = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  std::size_t end = skip_digits(text, digits);
  std::size_t count = end - digits;
  if (end < text.size() && text[end] == '.') {
    const std::size_t fraction = skip_digits(text, end + 1);
    count += fraction - end - 1;
    end = fraction;
  }
  if (count == 0) {
    throw ValueError(quoted(text) + " is not a number");
  }
  Written written;
  written.mantissa = text.substr(text[0] == '+' ? 1 : 0, end - (text[0] == '+' ? 1 : 0));
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    std::size_t from = end + 1;
    from += from + 1 < text.size() && text[from] == '+' ? 1 : 0;
    const auto [stop, status] =
        std::from_chars(text.data() + from, text.data() + text.size(), written.exponent);
    if (status != std::errc() || std::abs(written.exponent) > 9999) {
      throw ValueError(quoted(text) + " is not a number");
    }
    end = static_cast<std::size_t>(stop - text.data());
  }
  written.rest = text.substr(std::min(text.find_first_not_of(' ', end), text.size()));
  return written;
}

double to_double(const std::string& text, const std::string& mantissa, int exponent) {
  const std::string digits = mantissa + "e" + std::to_string(exponent);
  double value = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (status != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value)) {
    throw ValueError(quoted(text) + " is outside what a number can hold");
  }
  return value == 0 ? 0 : value;
}

std::string fitting(const std::string& unit) { return "units: " + join(spellings(unit)); }

}  // namespace

double parse_number(const std::string& text) {
  const Written written = split(text);
  if (!written.rest.empty()) {
    throw ValueError(quoted(text) + " is not a plain number", "no unit is due here");
  }
  return to_double(text, written.mantissa, written.exponent);
}

double parse_quantity(const std::string& text, const std::string& unit) {
  if (unit.empty()) {
    return parse_number(text);
  }
  const Written written = split(text);
  if (written.rest.empty()) {
    throw ValueError(quoted(text) + " has no unit", fitting(unit));
  }
  for (const Form& form : unit_of(unit).forms) {
    for (const Prefix& prefix : form.prefixes) {
      if (written.rest == std::string(prefix.text) + form.symbol) {
        const int exponent = written.exponent + form.exponent + prefix.exponent;
        const double value = to_double(text, written.mantissa, exponent);
        const double scaled = value * form.multiplier * prefix.multiplier;
        if (!std::isfinite(scaled)) {
          throw ValueError(quoted(text) + " is outside what a number can hold");
        }
        return scaled;
      }
    }
  }
  throw ValueError(quoted(text) + ": unit " + quoted(written.rest) + " does not fit",
                   fitting(unit));
}

std::int64_t parse_integer(const std::string& text) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, value);
  if (status == std::errc::result_out_of_range) {
    throw ValueError(quoted(text) + " is outside what a number can hold");
  }
  if (status != std::errc() || stop != end) {
    throw ValueError(quoted(text) + " is not a whole number");
  }
  return value;
}

bool parse_bool(const std::string& text) {
  if (text != "true" && text != "false") {
    throw ValueError(quoted(text) + " is neither true nor false");
  }
  return text == "true";
}

std::vector<std::string> spellings(const std::string& unit) {
  std::vector<std::string> all;
  for (const Form& form : unit_of(unit).forms) {
    for (const Prefix& prefix : form.prefixes) {
      all.push_back(std::string(prefix.text) + form.symbol);
    }
  }
  return all;
}

std::vector<std::string> known_units() {
  std::vector<std::string> all;
  for (const Unit& unit : units()) {
    all.emplace_back(unit.canonical);
  }
  return all;
}

}  // namespace reticle::config
