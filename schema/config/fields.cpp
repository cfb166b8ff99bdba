#include "schema/config/fields.h"

#include <array>
#include <cctype>
#include <charconv>
#include <stdexcept>

namespace reticle::config {
namespace {

// MlaVariant -> MLA_VARIANT_, L2Start -> L2_START_
std::string enum_prefix(const std::string& name) {
  std::string prefix;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    if (i > 0 && std::isupper(c) != 0) {
      prefix += '_';
    }
    prefix += static_cast<char>(std::toupper(c));
  }
  return prefix + "_";
}

}  // namespace

std::string unit_of(const Field& field) { return field.options().GetExtension(reticle::unit); }
std::string doc_of(const Field& field) { return field.options().GetExtension(reticle::doc); }

std::optional<double> min_of(const Field& field) {
  return field.options().HasExtension(reticle::min)
             ? std::optional<double>(field.options().GetExtension(reticle::min))
             : std::nullopt;
}

std::optional<double> max_of(const Field& field) {
  return field.options().HasExtension(reticle::max)
             ? std::optional<double>(field.options().GetExtension(reticle::max))
             : std::nullopt;
}

std::optional<std::string> preset_of(const Field& field) {
  return field.options().HasExtension(reticle::preset)
             ? std::optional<std::string>(field.options().GetExtension(reticle::preset))
             : std::nullopt;
}

bool is_optional(const Field& field) { return field.options().GetExtension(reticle::optional_key); }

bool outside_kernel_key(const Field& field) {
  return field.options().GetExtension(reticle::outside_kernel_key);
}

const Field* key_field(const Field& list) {
  const std::string name = list.options().GetExtension(reticle::keyed_by);
  if (name.empty()) {
    return nullptr;
  }
  const Field* key = list.message_type()->FindFieldByName(name);
  if (key == nullptr) {
    throw std::logic_error("keyed_by of " + list.full_name() + " names no field");
  }
  return key;
}

bool is_message(const Field& field) { return field.cpp_type() == Field::CPPTYPE_MESSAGE; }

bool is_number(const Field& field) {
  switch (field.cpp_type()) {
    case Field::CPPTYPE_INT32:
    case Field::CPPTYPE_INT64:
    case Field::CPPTYPE_UINT32:
    case Field::CPPTYPE_UINT64:
    case Field::CPPTYPE_DOUBLE:
    case Field::CPPTYPE_FLOAT:
      return true;
    default:
      return false;
  }
}

std::vector<std::string> field_names(const Type& type, const Field* key) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i) != key) {
      names.push_back(type.field(i)->name());
    }
  }
  return names;
}

const Field* field_named(const Type& type, const std::string& name, const Field* key) {
  const Field* field = type.FindFieldByName(name);
  return field == key ? nullptr : field;
}

bool all_defaults(const Type& type) {
  for (int i = 0; i < type.field_count(); ++i) {
    const Field& field = *type.field(i);
    const bool created =
        is_message(field) && !field.is_repeated() && all_defaults(*field.message_type());
    if (!is_optional(field) && !preset_of(field) && !created) {
      return false;
    }
  }
  return true;
}

std::string enum_text(const google::protobuf::EnumValueDescriptor& value) {
  const std::string prefix = enum_prefix(value.type()->name());
  std::string text = value.name();
  if (text.compare(0, prefix.size(), prefix) == 0) {
    text.erase(0, prefix.size());
  }
  for (char& c : text) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

std::vector<std::string> enum_texts(const google::protobuf::EnumDescriptor& type) {
  std::vector<std::string> texts;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) {
      texts.push_back(enum_text(*type.value(i)));
    }
  }
  return texts;
}

std::string range_text(const Field& field) {
  const auto min = min_of(field);
  const auto max = max_of(field);
  const std::string unit = unit_of(field).empty() ? "" : " " + unit_of(field);
  if (min && max) {
    return number_text(*min) + " to " + number_text(*max) + unit;
  }
  if (min) {
    return "at least " + number_text(*min) + unit;
  }
  return max ? "at most " + number_text(*max) + unit : "";
}

std::string number_text(double value) {
  std::array<char, 32> buffer;
  const auto [end, status] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end};
}

}  // namespace reticle::config
