#include "schema/config/settings.h"

#include <utility>

#include "schema/config/suggest.h"

namespace reticle::config {
namespace {

constexpr const char* kOption = "--set";

Node value_of(const Setting& setting) {
  Node value = parse_tree(setting.value, place_of(setting).file);
  if (value.is_map()) {
    throw ConfigError(place_of(setting), "the value must not be a map", "set its keys one by one");
  }
  value.at = place_of(setting);
  value.grade = "user";
  value.source = kOption;
  for (Node& item : value.items) {
    item.at = value.at;
    item.grade = value.grade;
    item.source = value.source;
  }
  return value;
}

[[noreturn]] void refuse_key(const std::string& key, const std::vector<std::string>& keys,
                             const Setting& setting) {
  throw ConfigError(place_of(setting), "unknown key `" + key + "`", suggestion(key, keys, "keys"));
}

std::string first_part(const std::string& path) { return path.substr(0, path.find('.')); }

// The map below `key`; made if it is missing or null.
Node& child_map(Node& map, const std::string& key, const Setting& setting) {
  if (map.find(key) == nullptr) {
    map.entries.push_back({key, place_of(setting), {}});
  }
  Node& child = *map.find(key);
  if (child.is_null()) {
    child.kind = Node::Kind::kMap;
    child.at = place_of(setting);
  }
  return child;
}

void require_rest(const std::string& rest, const std::string& key, const Type& type,
                  const Field* key_field, const Setting& setting) {
  if (rest.empty()) {
    throw ConfigError(place_of(setting), key + " is a map: name one of its keys",
                      "keys: " + join(field_names(type, key_field)));
  }
}

void apply_below(Node& map, const Type& type, const Field* skip, const std::string& path,
                 const Setting& setting);

// An element that needs none of its keys may be a new one (systems.NAME.faults.cut.planes_down=1).
bool may_be_new(const Field& list) {
  const Type& type = *list.message_type();
  for (int i = 0; i < type.field_count(); ++i) {
    const Field& field = *type.field(i);
    if (&field != key_field(list) && !is_optional(field) && !preset_of(field)) {
      return false;
    }
  }
  return true;
}

void apply_keyed(Node& list, const Field& field, const std::string& path, const Setting& setting) {
  const Field* key = key_field(field);
  std::string element = leading_name(path, keys_of(list));
  if (element.empty() && may_be_new(field)) {
    element = first_part(path);
  }
  if (element.empty()) {
    throw ConfigError(place_of(setting), "`" + field.name() + "` has no `" + first_part(path) + "`",
                      suggestion(first_part(path), keys_of(list), "there are"));
  }
  const std::string rest = rest_after(path, element);
  require_rest(rest, "`" + element + "`", *field.message_type(), key, setting);
  apply_below(child_map(list, element, setting), *field.message_type(), key, rest, setting);
}

void put_value(Node& map, const Field& field, const std::string& rest, const Setting& setting) {
  if (!rest.empty()) {
    throw ConfigError(place_of(setting), "`" + field.name() + "` is a single value",
                      "nothing goes below it");
  }
  Node value = value_of(setting);
  if (Node* old = map.find(field.name())) {
    *old = std::move(value);
  } else {
    map.entries.push_back({field.name(), place_of(setting), std::move(value)});
  }
}

void apply_below(Node& map, const Type& type, const Field* skip, const std::string& path,
                 const Setting& setting) {
  const std::string key = first_part(path);
  const Field* field = field_named(type, key, skip);
  if (field == nullptr) {
    refuse_key(key, field_names(type, skip), setting);
  }
  const std::string rest = rest_after(path, key);
  if (!is_message(*field)) {
    put_value(map, *field, rest, setting);
    return;
  }
  if (key_field(*field) != nullptr) {
    apply_keyed(child_map(map, key, setting), *field, rest, setting);
    return;
  }
  require_rest(rest, "`" + key + "`", *field->message_type(), nullptr, setting);
  apply_below(child_map(map, key, setting), *field->message_type(), nullptr, rest, setting);
}

}  // namespace

Setting parse_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw UsageError("--set " + text +
                     ": write PATH=VALUE, for instance chips.NAME.clock='1.8 GHz'");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::string leading_name(const std::string& path, const std::vector<std::string>& names) {
  std::string best;
  for (const std::string& name : names) {
    const bool leads = path.compare(0, name.size(), name) == 0 &&
                       (path.size() == name.size() || path[name.size()] == '.');
    if (leads && name.size() > best.size()) {
      best = name;
    }
  }
  return best;
}

std::string rest_after(const std::string& path, const std::string& name) {
  return path.size() > name.size() ? path.substr(name.size() + 1) : "";
}

Location place_of(const Setting& setting) { return {kOption + (" " + setting.path), 0, 0}; }

void apply_setting(Node& tree, const Type& type, const std::string& path, const Setting& setting) {
  const Field* name = type.FindFieldByName("name");  // is the file's
  require_rest(path, "it", type, name, setting);
  apply_below(tree, type, name, path, setting);
}

void apply_setting(Node& tree, const std::string& path, const Setting& setting) {
  const std::string key = leading_name(path, keys_of(tree));
  if (key.empty()) {
    const std::string near = nearest(first_part(path), keys_of(tree));
    throw ConfigError(place_of(setting), "unknown key `" + first_part(path) + "`",
                      near.empty() ? "" : "did you mean `" + near + "`?");
  }
  Node& value = *tree.find(key);
  const std::string rest = rest_after(path, key);
  if (rest.empty()) {
    value = value_of(setting);
  } else {
    apply_setting(value, rest, setting);
  }
}

}  // namespace reticle::config
