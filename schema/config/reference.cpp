#include "schema/config/reference.h"

#include "schema/config/fields.h"
#include "schema/config/layers.h"
#include "schema/config/suggest.h"
#include "schema/config/units.h"

namespace reticle::config {
namespace {

std::string type_text(const Field& field) {
  if (is_message(field)) {
    const Field* key = key_field(field);
    return key == nullptr ? "map" : "map by " + key->name();
  }
  const std::string list = field.is_repeated() ? "list of " : "";
  switch (field.cpp_type()) {
    case Field::CPPTYPE_ENUM:
      return list + join(enum_texts(*field.enum_type()), " or ");
    case Field::CPPTYPE_STRING:
      return list + "text";
    case Field::CPPTYPE_BOOL:
      return list + "true or false";
    case Field::CPPTYPE_DOUBLE:
      return list + (unit_of(field).empty() ? "number" : "quantity");
    default:
      return list + "whole number";
  }
}

std::string default_text(const Field& field) {
  if (const auto preset = preset_of(field)) {
    return "`" + *preset + "`";
  }
  if (is_optional(field)) {
    return "optional";
  }
  return is_message(field) && !field.is_repeated() && all_defaults(*field.message_type())
             ? "its defaults"
             : "required";
}

void add_rows(const Type& type, const std::string& path, const Field* key, std::string& out) {
  for (int i = 0; i < type.field_count(); ++i) {
    const Field& field = *type.field(i);
    if (&field == key) {
      continue;
    }
    const Field* inner_key = is_message(field) ? key_field(field) : nullptr;
    const std::string name =
        path + field.name() + (inner_key == nullptr ? "" : ".<" + inner_key->name() + ">");
    out += "| `" + name + "` | " + type_text(field) + " | " + unit_of(field) + " | " +
           range_text(field) + " | " + default_text(field) + " | " + doc_of(field) + " |\n";
    if (is_message(field)) {
      add_rows(*field.message_type(), name + ".", inner_key, out);
    }
  }
}

std::string unit_rows() {
  std::string out = "| stored unit | may be written |\n|---|---|\n";
  for (const std::string& unit : known_units()) {
    out += "| " + unit + " | " + join(spellings(unit), " ") + " |\n";
  }
  return out;
}

}  // namespace

std::string reference_table(const google::protobuf::Descriptor& type) {
  std::string out =
      "| key | type | unit | range | default | meaning |\n|---|---|---|---|---|---|\n";
  add_rows(type, "", nullptr, out);
  return out;
}

std::string config_reference() {
  std::string out = "# Config reference\n\nPrinted from schema/*.proto by `reticle docs config`.\n";
  for (const Kind& kind : kinds()) {
    if (kind.type != nullptr) {
      out += "\n## " + kind.singular + " (configs/" + kind.folder + "/NAME" + kind.suffix +
             ")\n\n" + reference_table(*kind.type);
    }
  }
  return out + "\n## Units\n\n" + unit_rows();
}

}  // namespace reticle::config
