#include "gui/model/query.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace reticle::gui {
namespace {

// std::regex recurses over its subject: long names are matched by their beginning.
constexpr std::size_t kLongestSubject = 2000;
constexpr std::size_t kLongestPattern = 200;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
  return result;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(' ');
  const std::size_t to = text.find_last_not_of(' ');
  return from == std::string_view::npos ? std::string_view() : text.substr(from, to - from + 1);
}

// With the units that times and counts take; times in picoseconds.
std::optional<double> number(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 10> kUnits{{{"", 1},
                                                                               {"k", 1e3},
                                                                               {"M", 1e6},
                                                                               {"G", 1e9},
                                                                               {"T", 1e12},
                                                                               {"ps", 1},
                                                                               {"ns", 1e3},
                                                                               {"us", 1e6},
                                                                               {"ms", 1e9},
                                                                               {"s", 1e12}}};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) {
    return {};
  }
  const std::string_view unit = trimmed(text.substr(static_cast<std::size_t>(end - text.data())));
  for (const auto& [name, factor] : kUnits) {
    if (unit == name) {
      return value * factor;
    }
  }
  return {};
}

bool is_key(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

std::optional<Query::Comparison> comparison(std::string_view term) {
  using Op = Query::Operator;
  static constexpr std::array<std::pair<std::string_view, Op>, 7> kOperators{{{"<=", Op::kAtMost},
                                                                              {">=", Op::kAtLeast},
                                                                              {"!=", Op::kNotEqual},
                                                                              {"==", Op::kEqual},
                                                                              {"<", Op::kLess},
                                                                              {">", Op::kMore},
                                                                              {"=", Op::kEqual}}};
  const std::size_t at = term.find_first_of("<>=!");
  if (at == std::string_view::npos || !is_key(trimmed(term.substr(0, at)))) {
    return {};
  }
  for (const auto& [sign, op] : kOperators) {
    if (term.substr(at, sign.size()) == sign) {
      Query::Comparison out;
      const std::string_view value = trimmed(term.substr(at + sign.size()));
      out.key = trimmed(term.substr(0, at));
      out.op = op;
      out.text = value;
      out.number = number(value);
      return value.empty() ? std::nullopt : std::optional(out);
    }
  }
  return {};
}

template <class Value>
bool compare(Query::Operator op, const Value& a, const Value& b) {
  switch (op) {
    case Query::Operator::kLess:
      return a < b;
    case Query::Operator::kAtMost:
      return a <= b;
    case Query::Operator::kMore:
      return a > b;
    case Query::Operator::kAtLeast:
      return a >= b;
    case Query::Operator::kEqual:
      return a == b;
    default:
      return a != b;
  }
}

}  // namespace

bool contains(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return lower(a) == lower(b); }) != text.end() ||
         part.empty();
}

Query::Query(std::string_view text) : text_(text) {
  // "&" within a regular expression belongs to it.
  std::size_t from = 0;
  bool pattern = false;
  for (std::size_t i = 0; i <= text.size() && error_.empty(); ++i) {
    if (i == text.size() || (text[i] == '&' && !pattern)) {
      add_term(trimmed(text.substr(from, i - from)));
      from = i + 1;
    } else if (text[i] == '/') {
      pattern = pattern ? false : trimmed(text.substr(from, i - from)).empty();
    }
  }
}

void Query::add_term(std::string_view term) {
  if (term.empty()) {
    return;
  }
  if (term.size() > 2 && term.front() == '/' && term.back() == '/') {
    const std::string_view pattern = term.substr(1, term.size() - 2);
    if (pattern.size() > kLongestPattern) {
      error_ = "the expression is longer than 200 characters";
      return;
    }
    try {
      patterns_.emplace_back(std::string(pattern), std::regex::ECMAScript | std::regex::icase);
    } catch (const std::regex_error&) {
      error_ = "not a regular expression: " + std::string(pattern);
    }
  } else if (const auto found = comparison(term)) {
    comparisons_.push_back(*found);
  } else {
    parts_.push_back(lower(term));
  }
}

bool Query::matches_name(const std::string& name) const {
  if (!error_.empty()) {
    return false;
  }
  for (const std::string& part : parts_) {
    if (!contains(name, part)) {
      return false;
    }
  }
  const std::string subject = patterns_.empty() ? "" : name.substr(0, kLongestSubject);
  return std::all_of(patterns_.begin(), patterns_.end(), [&](const std::regex& pattern) {
    try {
      return std::regex_search(subject, pattern);
    } catch (const std::regex_error&) {  // too complex for this subject
      return false;
    }
  });
}

bool holds(const Query::Comparison& comparison, double value) {
  return comparison.number && compare(comparison.op, value, *comparison.number);
}

bool holds(const Query::Comparison& comparison, const std::string& value) {
  if (comparison.op == Query::Operator::kEqual) {
    return contains(value, comparison.text) && value.size() == comparison.text.size();
  }
  if (comparison.op == Query::Operator::kNotEqual) {
    return !(contains(value, comparison.text) && value.size() == comparison.text.size());
  }
  const std::optional<double> own = number(value);
  return own && holds(comparison, *own);
}

}  // namespace reticle::gui
