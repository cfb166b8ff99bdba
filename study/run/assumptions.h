#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include "schema/result.pb.h"
#include "study/run/inputs.h"

namespace reticle::study {

// The grade-C and `user` numbers a scenario rests on, with their paths as --set writes them,
// sorted.
google::protobuf::RepeatedPtrField<Assumption> assumptions(const ScenarioInputs& inputs,
                                                           const config::Loaded<Study>& study);

}  // namespace reticle::study
