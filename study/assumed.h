#pragma once

#include <google/protobuf/repeated_field.h>

#include <string>
#include <vector>

#include "schema/config/catalog.h"
#include "schema/result.pb.h"

namespace reticle::study {

// Appends the numbers of grade C or set by hand whose path starts with `part`, under the path --set
// writes (`prefix` before it).
void collect(std::vector<Assumption>& all, const config::Provenance& provenance,
             const std::string& part, const std::string& prefix);

// By path.
google::protobuf::RepeatedPtrField<Assumption> sorted(std::vector<Assumption> all);

}  // namespace reticle::study
