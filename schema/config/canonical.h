#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace reticle::config {

// Clears every field marked outside_kernel_key, at any depth: what is left is what a kernel can
// see.
void strip_outside_kernel_key(google::protobuf::Message& message);

// Serialisation that is the same for equal messages in every build and process: maps sorted, -0 as
// 0.
std::string deterministic_bytes(const google::protobuf::Message& message);

}  // namespace reticle::config
