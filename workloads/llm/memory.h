#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schema/model.pb.h"
#include "schema/result.pb.h"
#include "schema/scenario.pb.h"
#include "workloads/llm/plan.h"

namespace reticle::llm {

struct MemoryPart {
  std::string name;
  std::int64_t bytes = 0;
};

// What a rank holds: attention, dense_ffn, router, expert_slots, shared_expert, embedding, head,
// mtp (with scales, where the type has them) and kv_cache (sequences x cached or prompt tokens x
// layers x elements of a token; layers of running MTP modules included). Parts of 0 bytes are left
// out. Activations and norms are not counted; runtime and communication buffers are the software's
// reserved_memory.
std::vector<MemoryPart> memory_parts(const Scenario& scenario, const Model& model,
                                     const Plan& plan);

// Fills the result's MemoryFit (GB = 1e9 bytes); `reserved` bytes are the software's. Throws
// ConfigError at sequences_per_rank with all sums when the parts exceed `capacity` bytes.
MemoryFit fit_memory(const Scenario& scenario, const Model& model, const Plan& plan,
                     double reserved, double capacity, const Locate& locate);

}  // namespace reticle::llm
