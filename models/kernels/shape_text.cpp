#include <google/protobuf/message.h>

#include <sstream>

#include "models/kernels/work.h"

namespace reticle::kernels {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// DTYPE_FP8_BLOCK is written fp8_block.
std::string enum_text(const google::protobuf::EnumValueDescriptor& value) {
  std::string text = value.name();
  if (text.rfind("DTYPE_", 0) == 0) {
    text.erase(0, 6);
  }
  for (char& letter : text) {
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return text;
}

std::string list_text(const Message& shape, const FieldDescriptor& field) {
  std::string text;
  for (int i = 0; i < shape.GetReflection()->FieldSize(shape, &field); ++i) {
    text += (i > 0 ? ":" : "") +
            std::to_string(shape.GetReflection()->GetRepeatedInt64(shape, &field, i));
  }
  return text;
}

std::string value_text(const Message& shape, const FieldDescriptor& field) {
  const auto* reflection = shape.GetReflection();
  if (field.is_repeated()) {
    return list_text(shape, field);
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(reflection->GetInt64(shape, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(shape, &field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return enum_text(*reflection->GetEnum(shape, &field));
    default:
      return reflection->GetString(shape, &field);
  }
}

}  // namespace

std::string op_name(const Operator& op) {
  return Operator::descriptor()->FindFieldByNumber(op.op_case())->name();
}

std::string shape_text(const Operator& op) {
  const auto* member = Operator::descriptor()->FindFieldByNumber(op.op_case());
  const Message& shape = op.GetReflection()->GetMessage(op, member);
  std::vector<const FieldDescriptor*> fields;
  shape.GetReflection()->ListFields(shape, &fields);
  std::ostringstream text;
  for (const FieldDescriptor* field : fields) {
    text << (text.tellp() > 0 ? " " : "") << field->name() << '=' << value_text(shape, *field);
  }
  return text.str();
}

}  // namespace reticle::kernels
