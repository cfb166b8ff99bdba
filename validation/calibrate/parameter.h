#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "schema/config/catalog.h"

namespace reticle::validation {

// A free physical parameter: a number of a chip's or a software stack's config that states its
// range.
struct Parameter {
  std::string path;  // "tensor_gpu.barrier"
  bool of_software = false;
  double value = 0;  // as in the config, in the stored unit
  double low = 0;
  double high = 0;
  std::string unit;
  std::string source;
};

// The parameter at `path` of a loaded config. UsageError if the config gives it no range.
Parameter parameter(const config::Provenance& provenance, const std::string& path,
                    bool of_software);

// Sets the number at `path`; whole-number fields are rounded.
void set_number(google::protobuf::Message& message, const std::string& path, double value);

}  // namespace reticle::validation
