#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "schema/errors.h"

namespace reticle::config {

struct Entry;

// A YAML or JSON document as it was written, every part with its place.
struct Node {
  enum class Kind { kNull, kScalar, kMap, kList };

  Kind kind = Kind::kNull;
  Location at;
  std::string text;            // of a scalar, without quotes
  std::vector<Entry> entries;  // of a map, in file order
  std::vector<Node> items;     // of a list

  // Filled by annotate() (schema/config/provenance.h): where a number comes from, and the two ends
  // of its range (either may be null). How it is drawn, where that is said.
  std::string grade;
  std::string source;
  std::vector<Node> range;
  std::string distribution;
  std::vector<Node> outcomes;
  std::vector<Node> weights;

  bool is_null() const { return kind == Kind::kNull; }
  bool is_scalar() const { return kind == Kind::kScalar; }
  bool is_map() const { return kind == Kind::kMap; }
  bool is_list() const { return kind == Kind::kList; }

  // The value of a key, or nullptr.
  const Node* find(const std::string& key) const;
  Node* find(const std::string& key);
};

struct Entry {
  std::string key;
  Location at;  // of the key
  Node value;
};

// Reads one document. ConfigError "FILE:LINE:COL: ...": syntax, a key given twice, anchors and
// aliases, tags, a second document, an empty file, nesting deeper than 64. `file` is only used in
// messages.
Node parse_tree(const std::string& content, const std::string& file);

// The same from a file (JSON is YAML: a Hugging Face config.json reads as well). UsageError if
// there is no such file.
Node read_tree(const std::filesystem::path& file);

// The value of a scalar; ConfigError at its place if it is something else. as_number and as_integer
// take plain numbers without a unit.
const std::string& as_text(const Node& node);
double as_number(const Node& node);
std::int64_t as_integer(const Node& node);
bool as_bool(const Node& node);

// Takes a key out of a map; nothing if it is not there.
std::optional<Entry> take(Node& map, const std::string& key);

std::vector<std::string> keys_of(const Node& map);

}  // namespace reticle::config
