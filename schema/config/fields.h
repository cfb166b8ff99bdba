#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>
#include <vector>

#include "schema/options.pb.h"

namespace reticle::config {

using Field = google::protobuf::FieldDescriptor;
using Type = google::protobuf::Descriptor;

// What the options of schema/options.proto say of a field.
std::string unit_of(const Field& field);
std::string doc_of(const Field& field);
std::optional<double> min_of(const Field& field);
std::optional<double> max_of(const Field& field);
std::optional<std::string> preset_of(const Field& field);
bool is_optional(const Field& field);
bool outside_kernel_key(const Field& field);

// The field that is the key of a keyed_by list, or nullptr. std::logic_error if the schema names
// none.
const Field* key_field(const Field& list);

bool is_message(const Field& field);
bool is_number(const Field& field);  // integer or floating point

// Keys a user may write in a map of this type; `key` is left out (it stands before the map).
std::vector<std::string> field_names(const Type& type, const Field* key = nullptr);
const Field* field_named(const Type& type, const std::string& name, const Field* key = nullptr);

// Whether a map of this type may be missing: every field has a preset or is optional.
bool all_defaults(const Type& type);

// Enumeration values in a user's words: lower case without the enumeration's own name
// (DTYPE_FP8_BLOCK is `fp8_block`). The zero value has no word.
std::string enum_text(const google::protobuf::EnumValueDescriptor& value);
std::vector<std::string> enum_texts(const google::protobuf::EnumDescriptor& type);

// "at least 1 B", "0.01 to 1", "" if the field has no range.
std::string range_text(const Field& field);

// A double in as few digits as give it back: 1e+08, 0.01.
std::string number_text(double value);

}  // namespace reticle::config
