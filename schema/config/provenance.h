#pragma once

#include <string>

#include "schema/config/fields.h"
#include "schema/config/tree.h"

namespace reticle::config {

// What the nearest enclosing `grade:` and `source:` say, or what a file says by where it lies: a
// number outside the catalog is its user's, at its own place.
struct Context {
  std::string grade;
  std::string source;
  bool users_file = false;
};

// The context inside a map that may hold `grade:` and `source:`. ConfigError for a grade other than
// A, B, C (each with an optional minus) or `user`.
Context enter(const Node& map, const Context& outside);

// Resolves the provenance of one file: takes `source:` and `grade:` out of every map, turns
// `{value:, grade:, source:, low:, high:}` into its scalar, and writes grade and source into every
// scalar that lacks its own. Unknown keys and wrong shapes are left for the mapping to report.
void annotate(Node& map, const Type& type, const Context& outside);

}  // namespace reticle::config
