#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "schema/config/catalog.h"
#include "schema/errors.h"
#include "schema/model.pb.h"
#include "schema/scenario.pb.h"
#include "workloads/llm/slots.h"

namespace reticle::llm {

// Where a key of the scenario ("experts.redundant") was written, for error messages.
using Locate = std::function<Location(const std::string& key)>;

// Looks keys up in a study's provenance under `prefix` ("scenarios.one."); a key nobody wrote (a
// default, a text) is reported at `fallback`. Keeps a reference to `provenance`.
Locate locate_in(const config::Provenance& provenance, std::string prefix, Location fallback);

// How a static decode step or prefill pass is spread over the ranks: attention is data-parallel,
// experts live in slots. Counts are of ONE micro-batch unless they say otherwise.
struct Plan {
  Phase phase = PHASE_DECODE;
  std::int64_t ranks = 0;
  std::int64_t micro_batches = 0;
  std::int64_t sequences = 0;  // of a rank
  std::int64_t positions = 0;  // token positions a sequence and step: 1 + MTP drafts, or a prompt
  std::int64_t tokens = 0;     // of a rank: sequences x positions
  std::int64_t cached_tokens = 0;
  std::int64_t head_tokens = 0;   // of all micro-batches: positions whose logits are wanted
  std::int64_t slots = 0;         // over all ranks
  std::int64_t destinations = 0;  // copies of a token that dispatch sends: top-k, + 1 if the shared
                                  // expert lives in slots
  std::int64_t mtp_modules = 0;   // modules that run: one a draft
  bool shared_on_rank = false;    // the shared expert is on every rank, outside the slots
  SlotRows rows;
  std::vector<std::int64_t> rank_rows;  // slots of the busiest rank, the one that is simulated
};

// Tokens in the cache of a sequence that the step attends to or writes, whichever is more.
std::int64_t context_tokens(const Scenario& scenario);

// Throws ConfigError: expert slots that do not fit (the sums are shown), sequences that do not
// split into micro-batches, more drafts than MTP modules, types or attention without a graph, a
// length that the phase needs or does not know.
Plan make_plan(const Scenario& scenario, const Model& model, const Locate& locate);

}  // namespace reticle::llm
