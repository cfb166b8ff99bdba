#include "gui/model/format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace reticle::gui {
namespace {

struct Prefix {
  double factor;
  const char* text;
};

constexpr std::array<Prefix, 5> kTimeUnits{
    {{1e12, "s"}, {1e9, "ms"}, {1e6, "µs"}, {1e3, "ns"}, {1, "ps"}}};
constexpr std::array<Prefix, 9> kPrefixes{{{1e15, "P"},
                                           {1e12, "T"},
                                           {1e9, "G"},
                                           {1e6, "M"},
                                           {1e3, "k"},
                                           {1, ""},
                                           {1e-3, "m"},
                                           {1e-6, "µ"},
                                           {1e-9, "n"}}};

template <std::size_t N>
const Prefix& prefix_for(const std::array<Prefix, N>& prefixes, double value) {
  for (const Prefix& prefix : prefixes) {
    if (std::abs(value) >= prefix.factor * (1 - 1e-12)) {
      return prefix;
    }
  }
  return prefixes.back();
}

std::string printed(const char* format, double value) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, format, value);
  return buffer;
}

std::string printed(const char* format, int decimals, double value) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, format, decimals, value);
  return buffer;
}

}  // namespace

std::string format_duration(std::int64_t ps) {
  const auto value = static_cast<double>(ps);
  const Prefix& unit = prefix_for(kTimeUnits, value);
  return printed("%.*f ", unit.factor > 1 ? 3 : 0, value / unit.factor) + unit.text;
}

std::string format_number(double value) { return printed("%.6g", value); }

std::string format_quantity(double value, std::string_view unit) {
  if (unit.empty() || unit == "1") {
    return printed("%.4g", value);
  }
  const bool plain = unit == "%" || unit == "degC" || value == 0;
  const Prefix& prefix = plain ? kPrefixes[5] : prefix_for(kPrefixes, value);
  return printed("%.4g ", value / prefix.factor) + prefix.text + std::string(unit);
}

std::string format_count(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

namespace {

std::string_view last_part(std::string_view path) {
  const std::size_t last = path.rfind("::");
  return last == std::string_view::npos ? path : path.substr(last + 2);
}

bool is_wrapper(std::string_view name) {
  return name == "device_kernel" || name == "Kernel" || name == "Kernel2" || name == "kernel";
}

// "fp8_gemm" of "ns::fp8_gemm::GemmKernel".
std::string_view wrapped(std::string_view arguments) {
  const std::string_view path = arguments.substr(0, arguments.find_first_of("<>,("));
  const std::string_view own = last_part(path);
  constexpr std::string_view kKernel = "Kernel";
  const bool says_little = own.size() >= kKernel.size() &&
                           own.substr(own.size() - kKernel.size()) == kKernel &&
                           own.size() < path.size();
  return says_little ? last_part(path.substr(0, path.size() - own.size() - 2)) : own;
}

}  // namespace

std::string kernel_label(std::string_view name) {
  constexpr std::string_view kVoid = "void ";
  constexpr std::string_view kAnonymous = "(anonymous namespace)::";
  std::string_view rest = name;
  const bool returns = rest.substr(0, kVoid.size()) == kVoid;
  if (returns) {
    rest.remove_prefix(kVoid.size());
  }
  const std::size_t anonymous = rest.find(kAnonymous);
  if (anonymous != std::string_view::npos && anonymous < rest.find('<')) {
    rest.remove_prefix(anonymous + kAnonymous.size());
  }
  const std::size_t stop = rest.find_first_of("<(");
  if (stop == std::string_view::npos || stop == 0 ||
      (!returns && rest.substr(0, stop).find("::") == std::string_view::npos)) {
    return std::string(name);
  }
  const std::string_view own = last_part(rest.substr(0, stop));
  return std::string(is_wrapper(own) && rest[stop] == '<' ? wrapped(rest.substr(stop + 1)) : own);
}

std::vector<Tick> ruler_ticks(const Scale& scale, double spacing_px) {
  const double least = std::max(1.0, scale.ps_per_pixel() * spacing_px);
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) {
      step = factor * power;
      break;
    }
  }
  const auto step_ps = static_cast<std::int64_t>(std::llround(step));
  const TimeRange& range = scale.range;
  const auto reach = static_cast<double>(std::max(std::abs(range.from_ps), std::abs(range.to_ps)));
  const Prefix& unit = prefix_for(kTimeUnits, std::max(reach, 1.0));
  const int decimals =
      std::max(0, static_cast<int>(std::ceil(std::log10(unit.factor / step) - 1e-9)));
  std::vector<Tick> ticks;
  std::int64_t time = range.from_ps / step_ps * step_ps;
  for (; time < range.to_ps; time += step_ps) {
    if (time >= range.from_ps) {
      ticks.push_back(
          {time, printed("%.*f ", decimals, static_cast<double>(time) / unit.factor) + unit.text});
    }
  }
  return ticks;
}

}  // namespace reticle::gui
