#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace reticle::config {

// A value that can't be read; whoever knows its place turns it into a ConfigError or UsageError.
class ValueError : public std::runtime_error {
 public:
  explicit ValueError(const std::string& what, std::string hint = "")
      : std::runtime_error(what), hint_(std::move(hint)) {}
  const std::string& hint() const { return hint_; }

 private:
  std::string hint_;
};

// "3.35 TB/s" in the canonical unit of the schema ("B/s"): 3.35e12. An SI prefix goes into the
// decimal exponent of the text before its one conversion to binary, so that 2.039 TB/s, 2039 GB/s
// and 2.039e12 B/s are the same double; binary prefixes multiply exactly; -0 becomes 0. An empty
// `unit` reads a plain number. ValueError: no number, no unit, a unit of the wrong kind, too large.
double parse_quantity(const std::string& text, const std::string& unit);

double parse_number(const std::string& text);
std::int64_t parse_integer(const std::string& text);
bool parse_bool(const std::string& text);

// Spellings a canonical unit accepts, prefixes included ("B/s", "kB/s", ...). std::logic_error for
// a unit this file does not know.
std::vector<std::string> spellings(const std::string& unit);

// Canonical units the schema may use.
std::vector<std::string> known_units();

}  // namespace reticle::config
