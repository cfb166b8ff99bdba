#include "schema/json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "schema/config/fields.h"

namespace reticle {
namespace {

using config::Field;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Json = nlohmann::ordered_json;

constexpr int kDigits = 9;

std::string digits(double value) {
  std::array<char, 32> text;
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value,
                                     std::chars_format::general, kDigits);
  const std::string digits(text.data(), written.ptr);
  return digits.find_first_of(".e") == std::string::npos ? digits + ".0" : digits;
}

// JSON has no infinity, and -0 is 0.
Json number(double value) {
  return std::isfinite(value) ? Json(value == 0 ? 0.0 : value) : Json(nullptr);
}

Json object_of(const Message& message, const Field* key);

// Element `i` of a repeated field, or the value of a singular one (i < 0).
Json value_of(const Message& message, const Field& field, int i) {
  const Reflection& r = *message.GetReflection();
  switch (field.cpp_type()) {
    case Field::CPPTYPE_INT32:
      return i < 0 ? r.GetInt32(message, &field) : r.GetRepeatedInt32(message, &field, i);
    case Field::CPPTYPE_INT64:
      return i < 0 ? r.GetInt64(message, &field) : r.GetRepeatedInt64(message, &field, i);
    case Field::CPPTYPE_UINT32:
      return i < 0 ? r.GetUInt32(message, &field) : r.GetRepeatedUInt32(message, &field, i);
    case Field::CPPTYPE_UINT64:
      return i < 0 ? r.GetUInt64(message, &field) : r.GetRepeatedUInt64(message, &field, i);
    case Field::CPPTYPE_DOUBLE:
      return number(i < 0 ? r.GetDouble(message, &field) : r.GetRepeatedDouble(message, &field, i));
    case Field::CPPTYPE_BOOL:
      return i < 0 ? r.GetBool(message, &field) : r.GetRepeatedBool(message, &field, i);
    case Field::CPPTYPE_STRING:
      return i < 0 ? r.GetString(message, &field) : r.GetRepeatedString(message, &field, i);
    case Field::CPPTYPE_ENUM:
      return config::enum_text(
          *(i < 0 ? r.GetEnum(message, &field) : r.GetRepeatedEnum(message, &field, i)));
    case Field::CPPTYPE_MESSAGE:
      return object_of(
          i < 0 ? r.GetMessage(message, &field) : r.GetRepeatedMessage(message, &field, i),
          nullptr);
    default:
      throw std::logic_error("no JSON for " + field.full_name());
  }
}

// The only field beside the key, if it is called `value`.
const Field* sole_value(const config::Type& type) {
  return type.field_count() == 2 ? type.FindFieldByName("value") : nullptr;
}

Json keyed_object(const Message& message, const Field& field, const Field& key) {
  Json object = Json::object();
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    const Message& element = message.GetReflection()->GetRepeatedMessage(message, &field, i);
    const Json name = value_of(element, key, -1);
    const Field* value = sole_value(*element.GetDescriptor());
    object[name.is_string() ? name.get<std::string>() : name.dump()] =
        value == nullptr ? object_of(element, &key) : value_of(element, *value, -1);
  }
  return object;
}

Json repeated_value(const Message& message, const Field& field) {
  if (config::is_message(field)) {
    if (const Field* key = config::key_field(field)) {
      return keyed_object(message, field, *key);
    }
  }
  Json list = Json::array();
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    list.push_back(value_of(message, field, i));
  }
  return list;
}

Json object_of(const Message& message, const Field* key) {
  Json object = Json::object();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const Field& field = *message.GetDescriptor()->field(i);
    if (&field == key) {
      continue;
    }
    if (field.is_repeated()) {
      object[field.name()] = repeated_value(message, field);
      continue;
    }
    const bool absent = field.has_presence() && !message.GetReflection()->HasField(message, &field);
    if (!absent) {
      object[field.name()] = value_of(message, field, -1);
    } else if (field.real_containing_oneof() == nullptr) {
      object[field.name()] = nullptr;
    }
  }
  return object;
}

void new_line(int indent, int depth, std::string& text) {
  if (indent >= 0) {
    text += '\n';
    text.append(static_cast<std::size_t>(indent * depth), ' ');
  }
}

// As nlohmann's dump, but for numbers: that prints as many digits as bring the double back, which
// may be 17 where 9 are promised.
void print(const Json& value, int indent, int depth, std::string& text) {
  if (value.is_number_float()) {
    text += digits(value.get<double>());
    return;
  }
  if (!value.is_structured() || value.empty()) {
    text += value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return;
  }
  const bool object = value.is_object();
  text += object ? '{' : '[';
  bool first = true;
  for (const auto& [key, element] : value.items()) {
    text += first ? "" : ",";
    first = false;
    new_line(indent, depth + 1, text);
    if (object) {
      text += Json(key).dump(-1, ' ', false, Json::error_handler_t::replace) +
              (indent >= 0 ? ": " : ":");
    }
    print(element, indent, depth + 1, text);
  }
  new_line(indent, depth, text);
  text += object ? '}' : ']';
}

}  // namespace

std::string to_json(const Message& message, int indent) {
  std::string text;
  print(object_of(message, nullptr), indent, 0, text);
  return text;
}

}  // namespace reticle
