#pragma once

#include <google/protobuf/descriptor.h>

#include <string>

namespace reticle::config {

// Markdown reference of every key of chip, system, process, software and study files: path, type,
// unit, range, default, sentence. `reticle docs config` prints it.
std::string config_reference();

// The table of one message type.
std::string reference_table(const google::protobuf::Descriptor& type);

}  // namespace reticle::config
