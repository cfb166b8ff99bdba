#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <utility>
#include <vector>

namespace reticle::config {

using Assignment = std::pair<std::string, std::string>;  // key, value as written

// Fills a flat message from key=value pairs (an operator from the command line or a CSV row),
// applies defaults, and checks missing keys and ranges. A value follows the YAML rules for scalars;
// a repeated field is written a:b:c. Throws UsageError: unknown key (with the nearest), bad value,
// missing key.
void assign(google::protobuf::Message& message, const std::vector<Assignment>& values);

// Makes `op` ("gemm", "moe_dispatch") the set member of Operator's or CollectiveOperator's oneof
// and returns it, to be filled by assign(). UsageError for an unknown op, with the nearest and the
// list.
google::protobuf::Message& select_op(google::protobuf::Message& holder, const std::string& op);

// Names of the members of the oneof, in the order of the schema.
std::vector<std::string> op_names(const google::protobuf::Descriptor& holder);

// The member that is set, by name and as a message; "" and nullptr if none is.
std::string op_name(const google::protobuf::Message& holder);
const google::protobuf::Message* op_message(const google::protobuf::Message& holder);

// Names of the keys of a message type, in the order of the schema.
std::vector<std::string> keys(const google::protobuf::Descriptor& type);

}  // namespace reticle::config
