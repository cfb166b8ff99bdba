#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace reticle::gui {

// What the search line asks for: terms joined by "&", all of which must hold. A term is a part of a
// name ("gemm", without regard to ASCII case), a regular expression of names ("/gemm_[0-9]+/",
// ECMAScript), or a comparison of an argument ("bytes>4096", "bound_by=hbm"). Besides arguments,
// `dur`, `start` (both with ps, ns, us, ms or s), `depth` and `track` (part of its path) can be
// compared. Numbers may end in k, M, G or T.
class Query {
 public:
  enum class Operator { kLess, kAtMost, kMore, kAtLeast, kEqual, kNotEqual };
  struct Comparison {
    std::string key;
    Operator op = Operator::kEqual;
    std::string text;              // as typed
    std::optional<double> number;  // nothing: only equality of texts makes sense
  };

  Query() = default;
  explicit Query(std::string_view text);

  const std::string& text() const { return text_; }
  bool empty() const { return parts_.empty() && patterns_.empty() && comparisons_.empty(); }
  // Why it cannot be understood; empty if it can. Then nothing matches.
  const std::string& error() const { return error_; }

  bool matches_name(const std::string& name) const;
  const std::vector<Comparison>& comparisons() const { return comparisons_; }

 private:
  void add_term(std::string_view term);

  std::string text_;
  std::string error_;
  std::vector<std::string> parts_;  // in lower case
  std::vector<std::regex> patterns_;
  std::vector<Comparison> comparisons_;
};

bool holds(const Query::Comparison& comparison, double value);
// Equality, and for texts that read as numbers also order.
bool holds(const Query::Comparison& comparison, const std::string& value);

// Without regard to ASCII case.
bool contains(std::string_view text, std::string_view part);

}  // namespace reticle::gui
