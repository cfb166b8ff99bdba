#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace reticle {

// A result as JSON: keys in schema order, numbers to 9 significant digits (design section 6),
// absent `optional` values and absent messages as null, enumerations as in configs. A keyed_by list
// is an object from the key to the rest; where the rest is one field `value`, to that value. Of a
// oneof only the member that is set is written. Ends without a newline.
std::string to_json(const google::protobuf::Message& message, int indent = 2);

}  // namespace reticle
