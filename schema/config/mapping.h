#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "schema/config/catalog.h"
#include "schema/config/tree.h"

namespace reticle::config {

// Fills a message from an annotated tree: keys by name, presets for what is missing, ranges
// checked. ConfigError at the place in question: unknown key (with the nearest), missing key, wrong
// shape, a value that can't be read or is out of range, a number without grade or source.
Provenance map_message(const Node& tree, google::protobuf::Message& message);

// Presets of the fields that are unset, recursively into maps that consist of presets only.
void fill_presets(google::protobuf::Message& message);

}  // namespace reticle::config
