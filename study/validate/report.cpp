#include "study/validate/report.h"

#include <array>
#include <cstdio>

namespace reticle::study {

namespace {

template <class... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

std::string band(const ErrorBand& limits) {
  return formatted("%.0f/%.0f", 100 * limits.median_ape(), 100 * limits.p90_ape());
}

const char* verdict(const ValidationSetResult& set) {
  if (!set.passed()) {
    return "FAILED";
  }
  return set.at_goal() ? "at goal" : "passed";
}

std::string line(const ValidationSetResult& set) {
  const std::string goal = set.has_goal() ? band(set.goal()) : "-";
  return formatted("%-30s %5llu of %5llu %8.1f %8.1f %8.1f %+7.1f  %9s %9s  %s\n",
                   set.name().c_str(), static_cast<unsigned long long>(set.n()),
                   static_cast<unsigned long long>(set.rows_in_set()), 100 * set.mape(),
                   100 * set.median_ape(), 100 * set.p90_ape(), 100 * set.bias(),
                   band(set.limit()).c_str(), goal.c_str(), verdict(set));
}

std::string group_line(const ValidationGroup& group) {
  const ErrorSummary& errors = group.errors();
  const std::string goal = group.has_goal() ? band(group.goal()) : "-";
  return formatted("%-30s %5llu %17.1f %8.1f %8.1f %+7.1f %19s  %s\n",
                   ("all of " + group.name()).c_str(), static_cast<unsigned long long>(errors.n()),
                   100 * errors.mape(), 100 * errors.median_ape(), 100 * errors.p90_ape(),
                   100 * errors.bias(), goal.c_str(), group.at_goal() ? "at goal" : "");
}

std::string fast_line(const ValidationSetResult& set) {
  const ErrorSummary& fast = set.fast();
  return formatted("%-30s %5llu %17.1f %8.1f %+7.1f\n", set.name().c_str(),
                   static_cast<unsigned long long>(fast.n()), 100 * fast.median_ape(),
                   100 * fast.p90_ape(), 100 * fast.bias());
}

}  // namespace

std::string validation_text(const ValidationResult& result) {
  std::string text = formatted("%-30s %14s %8s %8s %8s %7s  %9s %9s\n", "set (errors in %)", "rows",
                               "mean", "median", "P90", "bias", "limit", "goal");
  for (const ValidationSetResult& set : result.sets()) {
    text += line(set);
  }
  for (const ValidationGroup& group : result.groups()) {
    text += group_line(group);
  }
  for (const ValidationSetResult& set : result.sets()) {
    if (set.refused() > 0) {
      text += set.name() + ": " + std::to_string(set.refused()) +
              " rows refused, the first with: " + set.first_refusal() + "\n";
    }
    if (set.has_disputed()) {
      text += set.name() + ": " + std::to_string(set.disputed().n()) + " disputed rows apart, " +
              formatted("median %.1f %%\n", 100 * set.disputed().median_ape());
    }
  }
  std::string fast;
  for (const ValidationSetResult& set : result.sets()) {
    fast += set.has_fast() ? fast_line(set) : "";
  }
  if (!fast.empty()) {
    text += formatted("\n%-30s %5s %17s %8s %7s\n", "fast against cycle (in %)", "rows", "median",
                      "P90", "bias") +
            fast;
  }
  return text;
}

}  // namespace reticle::study
