#include "schema/config/scalar.h"

#include <cmath>
#include <limits>

#include "schema/config/suggest.h"

namespace reticle::config {
namespace {

using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr double kExactWhole = 9007199254740992.0;  // 2^53: the whole numbers a double holds

void check_range(const Field& field, double value, const std::string& text) {
  const auto min = min_of(field);
  const auto max = max_of(field);
  if ((min && value < *min) || (max && value > *max)) {
    throw ValueError("`" + text + "` is out of range", range_text(field));
  }
}

bool is_whole(const Field& field) {
  return is_number(field) && field.cpp_type() != Field::CPPTYPE_DOUBLE &&
         field.cpp_type() != Field::CPPTYPE_FLOAT;
}

std::int64_t whole(const Field& field, const std::string& text) {
  if (unit_of(field).empty()) {
    return parse_integer(text);
  }
  const double value = parse_quantity(text, unit_of(field));
  if (value != std::floor(value) || std::abs(value) > kExactWhole) {
    throw ValueError("`" + text + "` is not a whole number");
  }
  return static_cast<std::int64_t>(value);
}

// What the C++ type can hold; the schema's own range is narrower.
void check_width(const Field& field, std::int64_t value, const std::string& text) {
  const bool is_unsigned =
      field.cpp_type() == Field::CPPTYPE_UINT32 || field.cpp_type() == Field::CPPTYPE_UINT64;
  const bool is_32 =
      field.cpp_type() == Field::CPPTYPE_UINT32 || field.cpp_type() == Field::CPPTYPE_INT32;
  const std::int64_t lowest = is_unsigned ? 0 : std::numeric_limits<std::int32_t>::min();
  const std::int64_t highest = is_unsigned ? std::int64_t{std::numeric_limits<std::uint32_t>::max()}
                                           : std::int64_t{std::numeric_limits<std::int32_t>::max()};
  if ((is_32 && (value < lowest || value > highest)) || (is_unsigned && value < 0)) {
    throw ValueError("`" + text + "` is outside what a number can hold");
  }
}

template <class Value>
void put(Message& message, const Field& field, Value value,
         void (Reflection::*set)(Message*, const Field*, Value) const,
         void (Reflection::*append)(Message*, const Field*, Value) const) {
  const Reflection& reflection = *message.GetReflection();
  (reflection.*(field.is_repeated() ? append : set))(&message, &field, value);
}

void put_whole(Message& message, const Field& field, std::int64_t value) {
  switch (field.cpp_type()) {
    case Field::CPPTYPE_INT32:
      return put(message, field, static_cast<std::int32_t>(value), &Reflection::SetInt32,
                 &Reflection::AddInt32);
    case Field::CPPTYPE_UINT32:
      return put(message, field, static_cast<std::uint32_t>(value), &Reflection::SetUInt32,
                 &Reflection::AddUInt32);
    case Field::CPPTYPE_UINT64:
      return put(message, field, static_cast<std::uint64_t>(value), &Reflection::SetUInt64,
                 &Reflection::AddUInt64);
    default:
      return put(message, field, value, &Reflection::SetInt64, &Reflection::AddInt64);
  }
}

void put_enum(Message& message, const Field& field, const std::string& text) {
  const google::protobuf::EnumDescriptor& type = *field.enum_type();
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0 && enum_text(*type.value(i)) == text) {
      put(message, field, type.value(i), &Reflection::SetEnum, &Reflection::AddEnum);
      return;
    }
  }
  throw ValueError("`" + text + "` is not one of its values",
                   suggestion(text, enum_texts(type), "values"));
}

void put_text(Message& message, const Field& field, const std::string& text) {
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) {
    reflection.AddString(&message, &field, text);
  } else {
    reflection.SetString(&message, &field, text);
  }
}

std::optional<double> set_unnamed(Message& message, const Field& field, const std::string& text) {
  if (is_whole(field)) {
    const std::int64_t value = whole(field, text);
    check_range(field, static_cast<double>(value), text);
    check_width(field, value, text);
    put_whole(message, field, value);
    return static_cast<double>(value);
  }
  switch (field.cpp_type()) {
    case Field::CPPTYPE_DOUBLE: {
      const double value = read_number(field, text);
      put(message, field, value, &Reflection::SetDouble, &Reflection::AddDouble);
      return value;
    }
    case Field::CPPTYPE_BOOL:
      put(message, field, parse_bool(text), &Reflection::SetBool, &Reflection::AddBool);
      return std::nullopt;
    case Field::CPPTYPE_ENUM:
      put_enum(message, field, text);
      return std::nullopt;
    case Field::CPPTYPE_STRING:
      put_text(message, field, text);
      return std::nullopt;
    default:
      throw std::logic_error("configs have no fields like " + field.full_name());
  }
}

}  // namespace

std::optional<double> set_scalar(Message& message, const Field& field, const std::string& text) {
  try {
    return set_unnamed(message, field, text);
  } catch (const ValueError& error) {
    throw ValueError("`" + field.name() + "`: " + error.what(), error.hint());
  }
}

double read_number(const Field& field, const std::string& text) {
  const double value = parse_quantity(text, unit_of(field));
  check_range(field, value, text);
  return value;
}

}  // namespace reticle::config
