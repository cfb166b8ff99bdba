#include "schema/config/provenance.h"

#include <algorithm>
#include <utility>

#include "schema/config/suggest.h"

namespace reticle::config {
namespace {

const std::vector<std::string>& grades() {
  static const std::vector<std::string> all = {"A", "A-", "B", "B-", "C", "C-", "user"};
  return all;
}

std::string read_grade(const Node& node) {
  const std::string& text = as_text(node);
  for (const std::string& grade : grades()) {
    if (text == grade) {
      return text;
    }
  }
  throw ConfigError(node.at, "`" + text + "` is not a grade", "grades: " + join(grades()));
}

std::string read_source(const Node& node) {
  if (as_text(node).empty()) {
    throw ConfigError(node.at, "the source is empty");
  }
  return node.text;
}

void remove_reserved(Node& map) {
  take(map, "grade");
  take(map, "source");
}

void check_annotation(const Node& map, const Field& field) {
  static const std::vector<std::string> with_range = {
      "value", "grade", "source", "low", "high", "distribution", "outcomes", "weights"};
  static const std::vector<std::string> plain = {"value", "grade", "source"};
  const std::vector<std::string>& allowed = is_number(field) ? with_range : plain;
  for (const Entry& entry : map.entries) {
    bool known = false;
    for (const std::string& key : allowed) {
      known = known || entry.key == key;
    }
    if (!known) {
      throw ConfigError(entry.at, "unknown key `" + entry.key + "` in `" + field.name() + "`",
                        suggestion(entry.key, allowed, "keys"));
    }
  }
  if (map.find("value") == nullptr) {
    throw ConfigError(map.at, "`" + field.name() + "` has no `value`", "keys: " + join(allowed));
  }
}

Node range_end(Node& map, const std::string& key) {
  std::optional<Entry> entry = take(map, key);
  if (!entry) {
    return {};
  }
  as_text(entry->value);
  return std::move(entry->value);
}

const std::vector<std::string>& distributions() {
  static const std::vector<std::string> all = {"triangular", "pert", "uniform", "lognormal",
                                               "discrete"};
  return all;
}

std::vector<Node> list_of(Node& map, const std::string& key) {
  std::optional<Entry> entry = take(map, key);
  if (!entry) {
    return {};
  }
  if (!entry->value.is_list() || entry->value.items.empty()) {
    throw ConfigError(entry->value.at, "`" + key + "` must be a list", "[a, b, c]");
  }
  return std::move(entry->value.items);
}

// How the number is drawn: which of low, high, outcomes and weights belong to which distribution.
void take_distribution(Node& map, Node& value) {
  const std::optional<Entry> named = take(map, "distribution");
  value.distribution = named ? as_text(named->value) : "";
  value.outcomes = list_of(map, "outcomes");
  value.weights = list_of(map, "weights");
  if (!named) {
    if (!value.outcomes.empty() || !value.weights.empty()) {
      throw ConfigError(map.at, "outcomes and weights need `distribution: discrete`");
    }
    return;
  }
  const Location& at = named->value.at;
  const std::string& kind = value.distribution;
  if (std::find(distributions().begin(), distributions().end(), kind) == distributions().end()) {
    throw ConfigError(at, "`" + kind + "` is not a distribution",
                      suggestion(kind, distributions(), "distributions"));
  }
  const bool low = !value.range.empty() && !value.range[0].is_null();
  const bool high = !value.range.empty() && !value.range[1].is_null();
  if (kind == "discrete") {
    if (value.outcomes.empty() || value.outcomes.size() != value.weights.size() || low || high) {
      throw ConfigError(at,
                        "a discrete number needs outcomes and as many weights, not low or high");
    }
  } else if (kind == "lognormal" ? low || !high : !low || !high) {
    throw ConfigError(at, kind == "lognormal"
                              ? "a lognormal number needs `high`, its 95th percentile, and no `low`"
                              : "a " + kind + " number needs low and high");
  }
}

void annotate_scalar(Node& node, const Context& context) {
  node.grade = context.grade;
  node.source = context.source;
  if (context.users_file) {
    node.grade = node.grade.empty() ? "user" : node.grade;
    const std::string place =
        node.at.file + ":" + std::to_string(node.at.line) + ":" + std::to_string(node.at.column);
    node.source = node.source.empty() ? place : node.source;
  }
  for (Node& item : node.items) {
    annotate_scalar(item, context);
  }
}

void annotate_value(Node& node, const Field& field, const Context& outside) {
  if (!node.is_map()) {
    annotate_scalar(node, outside);
    return;
  }
  check_annotation(node, field);
  const Context context = enter(node, outside);
  Node low = range_end(node, "low");
  Node high = range_end(node, "high");
  Node value = std::move(take(node, "value")->value);
  annotate_scalar(value, context);
  if (!low.is_null() || !high.is_null()) {
    value.range = {std::move(low), std::move(high)};
  }
  take_distribution(node, value);
  node = std::move(value);
}

void annotate_keyed(Node& map, const Type& element, const Context& outside) {
  const Context context = enter(map, outside);
  remove_reserved(map);
  for (Entry& entry : map.entries) {
    annotate(entry.value, element, context);
  }
}

}  // namespace

Context enter(const Node& map, const Context& outside) {
  Context context = outside;
  if (const Node* grade = map.find("grade")) {
    context.grade = read_grade(*grade);
  }
  if (const Node* source = map.find("source")) {
    context.source = read_source(*source);
  }
  return context;
}

void annotate(Node& map, const Type& type, const Context& outside) {
  if (!map.is_map()) {
    return;
  }
  const Context context = enter(map, outside);
  remove_reserved(map);
  for (Entry& entry : map.entries) {
    const Field* field = type.FindFieldByName(entry.key);
    if (field == nullptr) {
      continue;
    }
    if (!is_message(*field)) {
      annotate_value(entry.value, *field, context);
    } else if (key_field(*field) != nullptr && entry.value.is_map()) {
      annotate_keyed(entry.value, *field->message_type(), context);
    } else {
      annotate(entry.value, *field->message_type(), context);
    }
  }
}

}  // namespace reticle::config
