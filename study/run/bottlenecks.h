#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <vector>

#include "schema/result.pb.h"
#include "study/run/step.h"

namespace reticle::study {

// Time on the step's critical path by the resource that bound it, largest first, summing to 1. Host
// time the device waits for is `launch`.
google::protobuf::RepeatedPtrField<Bottleneck> bottlenecks(const Step& step);

// The same from what held the path back, by Resource, and the host's time.
google::protobuf::RepeatedPtrField<Bottleneck> bottlenecks(std::vector<engine::Ps> held,
                                                           engine::Ps host_ps);

// The resource of the longest time, by Resource.
Resource longest_held(const std::vector<engine::Ps>& held);

}  // namespace reticle::study
