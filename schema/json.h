#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace reticle {

// A result as JSON: keys in schema order, numbers to 9 significant digits (design section 6), absent
// `optional` values and absent messages as null, keyed_by lists as objects. Ends without a newline.
std::string to_json(const google::protobuf::Message& message, int indent = 2);

}  // namespace reticle
