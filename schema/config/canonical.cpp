#include "schema/config/canonical.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "schema/config/fields.h"

namespace reticle::config {
namespace {

using google::protobuf::Message;
using google::protobuf::Reflection;

std::vector<const Field*> set_fields(const Message& message) {
  std::vector<const Field*> fields;
  message.GetReflection()->ListFields(message, &fields);
  return fields;
}

template <class Visit>
void for_each_child(Message& message, const Field& field, Visit visit) {
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    visit(*reflection.MutableMessage(&message, &field));
    return;
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    visit(*reflection.MutableRepeatedMessage(&message, &field, i));
  }
}

// x + 0 is x, except that -0 + 0 is 0. A scalar zero is then unset, as if it had never been -0.
void drop_sign_of_zero(Message& message, const Field& field) {
  const Reflection& reflection = *message.GetReflection();
  if (!field.is_repeated()) {
    reflection.SetDouble(&message, &field, reflection.GetDouble(message, &field) + 0.0);
    return;
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    const double value = reflection.GetRepeatedDouble(message, &field, i);
    reflection.SetRepeatedDouble(&message, &field, i, value + 0.0);
  }
}

void normalise_zeros(Message& message) {
  for (const Field* field : set_fields(message)) {
    if (field->cpp_type() == Field::CPPTYPE_DOUBLE) {
      drop_sign_of_zero(message, *field);
    } else if (is_message(*field)) {
      for_each_child(message, *field, normalise_zeros);
    }
  }
}

}  // namespace

void strip_outside_kernel_key(Message& message) {
  for (const Field* field : set_fields(message)) {
    if (outside_kernel_key(*field)) {
      message.GetReflection()->ClearField(&message, field);
    } else if (is_message(*field)) {
      for_each_child(message, *field, strip_outside_kernel_key);
    }
  }
}

std::string deterministic_bytes(const Message& message) {
  const std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  normalise_zeros(*copy);
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    if (!copy->SerializeToCodedStream(&coded)) {
      throw std::logic_error("cannot serialise " + message.GetTypeName());
    }
  }
  return bytes;
}

}  // namespace reticle::config
