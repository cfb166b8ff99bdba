#include <google/protobuf/message.h>

#include <sstream>

#include "models/kernels/work.h"
#include "schema/config/assign.h"
#include "schema/config/fields.h"

namespace reticle::kernels {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

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
      return config::enum_text(*reflection->GetEnum(shape, &field));
    default:
      return reflection->GetString(shape, &field);
  }
}

}  // namespace

std::string shape_text(const Message& holder) {
  const Message* shape = config::op_message(holder);
  if (shape == nullptr) {
    return "";
  }
  std::vector<const FieldDescriptor*> fields;
  shape->GetReflection()->ListFields(*shape, &fields);
  std::ostringstream text;
  for (const FieldDescriptor* field : fields) {
    text << (text.tellp() > 0 ? " " : "") << field->name() << '=' << value_text(*shape, *field);
  }
  return text.str();
}

}  // namespace reticle::kernels
