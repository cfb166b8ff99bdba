#include "schema/config/assign.h"

#include <algorithm>

#include "schema/config/fields.h"
#include "schema/config/mapping.h"
#include "schema/config/scalar.h"
#include "schema/config/suggest.h"
#include "schema/errors.h"

namespace reticle::config {
namespace {

using google::protobuf::Message;
using google::protobuf::OneofDescriptor;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (std::size_t at = text.find(separator); at != std::string::npos;
       at = text.find(separator, from)) {
    parts.push_back(text.substr(from, at - from));
    from = at + 1;
  }
  parts.push_back(text.substr(from));
  return parts;
}

const Field& flat_field(const Type& type, const std::string& key) {
  const Field* field = type.FindFieldByName(key);
  if (field == nullptr || is_message(*field)) {
    throw UsageError("unknown key `" + key + "` (" + suggestion(key, keys(type), "keys") + ")");
  }
  return *field;
}

void set_value(Message& message, const Field& field, const std::string& text) {
  try {
    if (!field.is_repeated()) {
      set_scalar(message, field, text);
      return;
    }
    for (const std::string& part : split(text, ':')) {
      set_scalar(message, field, part);
    }
  } catch (const ValueError& error) {
    throw UsageError(error.what() + (error.hint().empty() ? "" : " (" + error.hint() + ")"));
  }
}

// Sets presets of keys not given; a key without one must have been given.
void complete(Message& message, const std::vector<std::string>& given) {
  std::vector<std::string> missing;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const Field& field = *message.GetDescriptor()->field(i);
    if (is_optional(field) || std::find(given.begin(), given.end(), field.name()) != given.end()) {
      continue;
    }
    if (const auto preset = preset_of(field)) {
      set_scalar(message, field, *preset);
    } else {
      missing.push_back(field.name());
    }
  }
  if (!missing.empty()) {
    throw UsageError("missing " + join(missing) +
                     " (keys: " + join(keys(*message.GetDescriptor())) + ")");
  }
}

const OneofDescriptor& oneof_of(const Type& holder) {
  if (holder.real_oneof_decl_count() != 1) {
    throw std::logic_error(holder.full_name() + " holds no operator");
  }
  return *holder.oneof_decl(0);
}

const Field* selected(const Message& holder) {
  return holder.GetReflection()->GetOneofFieldDescriptor(holder,
                                                         &oneof_of(*holder.GetDescriptor()));
}

}  // namespace

void assign(Message& message, const std::vector<Assignment>& values) {
  std::vector<std::string> given;
  for (const auto& [key, text] : values) {
    const Field& field = flat_field(*message.GetDescriptor(), key);
    if (std::find(given.begin(), given.end(), key) != given.end()) {
      throw UsageError("key `" + key + "` is given twice");
    }
    set_value(message, field, text);
    given.push_back(key);
  }
  complete(message, given);
}

std::vector<std::string> keys(const Type& type) { return field_names(type); }

Message& select_op(Message& holder, const std::string& op) {
  const OneofDescriptor& ops = oneof_of(*holder.GetDescriptor());
  const Field* field = holder.GetDescriptor()->FindFieldByName(op);
  if (field == nullptr || field->containing_oneof() != &ops) {
    throw UsageError("unknown op `" + op + "` (" +
                     suggestion(op, op_names(*holder.GetDescriptor()), "ops") + ")");
  }
  holder.GetReflection()->ClearOneof(&holder, &ops);
  return *holder.GetReflection()->MutableMessage(&holder, field);
}

std::vector<std::string> op_names(const Type& holder) {
  const OneofDescriptor& ops = oneof_of(holder);
  std::vector<std::string> names(static_cast<std::size_t>(ops.field_count()));
  for (int i = 0; i < ops.field_count(); ++i) {
    names[static_cast<std::size_t>(i)] = ops.field(i)->name();
  }
  return names;
}

std::string op_name(const Message& holder) {
  const Field* field = selected(holder);
  return field == nullptr ? "" : field->name();
}

const Message* op_message(const Message& holder) {
  const Field* field = selected(holder);
  return field == nullptr ? nullptr : &holder.GetReflection()->GetMessage(holder, field);
}

}  // namespace reticle::config
