#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>

#include "schema/config/fields.h"
#include "schema/config/units.h"

namespace reticle::config {

// Reads `text` as a value of a field (number with its unit, whole number, true or false, word of an
// enumeration, text), checks its range, and sets it; a repeated field gets one more element.
// Returns the number in the stored unit if the field is one. ValueError, its text beginning with
// the field.
std::optional<double> set_scalar(google::protobuf::Message& message, const Field& field,
                                 const std::string& text);

// A number of the field's unit and range, not stored anywhere.
double read_number(const Field& field, const std::string& text);

}  // namespace reticle::config
