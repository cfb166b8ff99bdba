#include "schema/config/mapping.h"

#include <algorithm>
#include <utility>

#include "schema/config/scalar.h"
#include "schema/config/suggest.h"

namespace reticle::config {
namespace {

using google::protobuf::Message;

std::string below(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

std::string inside(const std::string& path) { return path.empty() ? "" : " in `" + path + "`"; }

std::string lower_first(std::string text) {
  const bool acronym = text.size() > 1 && text[1] >= 'A' && text[1] <= 'Z';
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z' && !acronym) {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

// "dies a wafer, in USD": the field's sentence as a hint.
std::string meaning(const Field& field) {
  std::string text = lower_first(doc_of(field));
  if (!text.empty() && text.back() == '.') {
    text.pop_back();
  }
  return text + (unit_of(field).empty() ? "" : ", in " + unit_of(field));
}

class Mapper {
 public:
  void map(const Node& node, Message& message, const std::string& path, const Field* key) {
    if (!node.is_map()) {
      throw ConfigError(node.at, (path.empty() ? "the file" : "`" + path + "`") + " must be a map",
                        "keys: " + join(field_names(*message.GetDescriptor(), key)));
    }
    refuse_unknown(node, *message.GetDescriptor(), path, key);
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const Field& field = *message.GetDescriptor()->field(i);
      if (&field == key) {
        continue;
      }
      const Node* value = node.find(field.name());
      if (value != nullptr && !value->is_null()) {
        map_field(*value, message, field, below(path, field.name()));
      } else {
        map_absent(value != nullptr ? *value : node, message, field, path);
      }
    }
  }

  Provenance take_provenance() { return std::move(provenance_); }

 private:
  static void refuse_unknown(const Node& node, const Type& type, const std::string& path,
                             const Field* key) {
    for (const Entry& entry : node.entries) {
      if (field_named(type, entry.key, key) == nullptr) {
        throw ConfigError(entry.at, "unknown key `" + entry.key + "`" + inside(path),
                          suggestion(entry.key, field_names(type, key), "keys"));
      }
    }
  }

  static void map_absent(const Node& near, Message& message, const Field& field,
                         const std::string& path) {
    if (is_optional(field)) {
      return;
    }
    if (const auto preset = preset_of(field)) {
      set_scalar(message, field, *preset);
    } else if (is_message(field) && !field.is_repeated() && all_defaults(*field.message_type())) {
      fill_presets(*message.GetReflection()->MutableMessage(&message, &field));
    } else {
      throw ConfigError(near.at, "missing key `" + field.name() + "`" + inside(path),
                        meaning(field));
    }
  }

  void map_field(const Node& node, Message& message, const Field& field, const std::string& path) {
    if (!is_message(field)) {
      field.is_repeated() ? map_list(node, message, field, path)
                          : map_scalar(node, message, field, path);
    } else if (const Field* key = key_field(field)) {
      map_keyed(node, message, field, *key, path);
    } else if (field.is_repeated()) {
      throw std::logic_error(field.full_name() + ": a list of maps needs keyed_by");
    } else {
      map(node, *message.GetReflection()->MutableMessage(&message, &field), path, nullptr);
    }
  }

  void map_keyed(const Node& node, Message& message, const Field& field, const Field& key,
                 const std::string& path) {
    if (!node.is_map() || node.entries.empty()) {
      throw ConfigError(node.at, "`" + path + "` must be a map from " + key.name() + " to its keys",
                        "keys: " + join(field_names(*field.message_type(), &key)));
    }
    for (const Entry& entry : node.entries) {
      Message& element = *message.GetReflection()->AddMessage(&message, &field);
      try {
        set_scalar(element, key, entry.key);
      } catch (const ValueError& error) {
        throw ConfigError(entry.at, error.what(), error.hint());
      }
      map(entry.value, element, below(path, entry.key), &key);
    }
  }

  void map_list(const Node& node, Message& message, const Field& field, const std::string& path) {
    if (!node.is_list()) {
      throw ConfigError(node.at, "`" + path + "` must be a list", "[a, b, c]");
    }
    for (const Node& item : node.items) {
      map_scalar(item, message, field, path);
    }
  }

  void map_scalar(const Node& node, Message& message, const Field& field, const std::string& path) {
    if (!node.is_scalar()) {
      throw ConfigError(node.at, "`" + path + "` must be a single value", meaning(field));
    }
    try {
      if (const auto number = set_scalar(message, field, node.text)) {
        provenance_[path] = origin(node, field, path, *number);
      }
    } catch (const ValueError& error) {
      throw ConfigError(node.at, error.what(), error.hint());
    }
  }

  static Origin origin(const Node& node, const Field& field, const std::string& path,
                       double value) {
    if (node.grade.empty() || node.source.empty()) {
      throw ConfigError(node.at,
                        "`" + path + "` has no " + (node.grade.empty() ? "grade" : "source"),
                        "every number in configs/ says where it comes from");
    }
    Origin origin{node.grade, node.source, node.at, {}, {}, value, unit_of(field), "", {}, {}};
    if (!node.range.empty()) {
      origin.low = range_end(node.range[0], field);
      origin.high = range_end(node.range[1], field);
    }
    set_distribution(node, field, origin);
    if ((origin.low && *origin.low > value) || (origin.high && *origin.high < value)) {
      throw ConfigError(node.at, "`" + path + "`: the value is outside its own low to high");
    }
    return origin;
  }

  static void set_distribution(const Node& node, const Field& field, Origin& origin) {
    origin.distribution = node.distribution;
    for (std::size_t i = 0; i < node.outcomes.size(); ++i) {
      origin.outcomes.push_back(range_end(node.outcomes[i], field).value_or(origin.value));
      const double weight = as_number(node.weights[i]);
      if (!(weight > 0)) {
        throw ConfigError(node.weights[i].at, "a weight must be above 0");
      }
      origin.weights.push_back(weight);
    }
    if (!origin.outcomes.empty() && std::find(origin.outcomes.begin(), origin.outcomes.end(),
                                              origin.value) == origin.outcomes.end()) {
      throw ConfigError(node.at, "the value is not among its outcomes");
    }
    if (origin.distribution == "lognormal" && !(origin.value > 0)) {
      throw ConfigError(node.at, "the median of a lognormal number must be above 0");
    }
  }

  static std::optional<double> range_end(const Node& node, const Field& field) {
    if (node.is_null()) {
      return std::nullopt;
    }
    try {
      return read_number(field, node.text);
    } catch (const ValueError& error) {
      throw ConfigError(node.at, error.what(), error.hint());
    }
  }

  Provenance provenance_;
};

}  // namespace

Provenance map_message(const Node& tree, Message& message) {
  Mapper mapper;
  mapper.map(tree, message, "", nullptr);
  return mapper.take_provenance();
}

void fill_presets(Message& message) {
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const Field& field = *message.GetDescriptor()->field(i);
    if (is_optional(field)) {
      continue;
    }
    if (const auto preset = preset_of(field)) {
      set_scalar(message, field, *preset);
    } else if (is_message(field)) {
      fill_presets(*message.GetReflection()->MutableMessage(&message, &field));
    }
  }
}

}  // namespace reticle::config
