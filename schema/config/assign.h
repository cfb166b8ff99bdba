#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <utility>
#include <vector>

namespace reticle::config {

using Assignment = std::pair<std::string, std::string>;  // key, value as written

// Fills a flat message from key=value pairs (an operator from the command line or a CSV row), applies
// defaults, and checks missing keys and ranges. A value follows the YAML rules for scalars; a repeated
// field is written a:b:c. Throws UsageError: unknown key (with the nearest), bad value, missing key.
void assign(google::protobuf::Message& message, const std::vector<Assignment>& values);

// Names of the keys of a message type, in the order of the schema.
std::vector<std::string> keys(const google::protobuf::Descriptor& type);

}  // namespace reticle::config
