#include "workloads/llm/plan.h"

#include <algorithm>
#include <utility>

#include "schema/config/fields.h"
#include "schema/dtype.h"
#include "workloads/llm/operators.h"

namespace reticle::llm {
namespace {

std::string text(std::int64_t value) { return std::to_string(value); }

std::string text(Dtype dtype) {
  return config::enum_text(*Dtype_descriptor()->FindValueByNumber(dtype));
}

void check_model(const Scenario& scenario, const Model& model, const Locate& locate) {
  if (!model.has_mla() || !model.has_experts()) {
    throw ConfigError(locate("model"),
                      scenario.model() + " has no " +
                          (model.has_mla() ? "experts" : "multi-head latent attention"),
                      "graphs exist for MLA models with experts");
  }
  const Mla& mla = model.mla();
  if (mla.kv_rank() != kLatentWidth || mla.rope_dim() != kRopeWidth) {
    throw ConfigError(locate("model"), scenario.model() + " has a latent of " +
                                           text(mla.kv_rank()) + " + " + text(mla.rope_dim()) +
                                           ", and mla_decode is defined for " + text(kLatentWidth) +
                                           " + " + text(kRopeWidth));
  }
}

void check_slots(const Scenario& scenario, const Model& model, const Locate& locate) {
  const ExpertPlacement& placement = scenario.experts();
  const std::int64_t routed = model.experts().routed();
  const std::int64_t slots = scenario.ranks() * placement.slots_per_rank();
  const std::string have = text(scenario.ranks()) + " ranks x " + text(placement.slots_per_rank()) +
                           " slots a rank = " + text(slots) + " expert slots";
  const Location at = locate("experts.slots_per_rank");
  if (slots - placement.shared_slots() < routed) {
    throw ConfigError(at,
                      have + ", less " + text(placement.shared_slots()) +
                          " shared = " + text(slots - placement.shared_slots()) + " for " +
                          text(routed) + " routed experts",
                      "every routed expert needs a slot");
  }
  const std::int64_t needed = routed + placement.redundant() + placement.shared_slots();
  if (slots != needed) {
    throw ConfigError(at,
                      have + ", but " + text(routed) + " routed + " + text(placement.redundant()) +
                          " redundant + " + text(placement.shared_slots()) +
                          " shared = " + text(needed),
                      "both sides must be equal");
  }
  if (placement.redundant() > routed) {
    throw ConfigError(
        locate("experts.redundant"),
        text(placement.redundant()) + " second copies of " + text(routed) + " routed experts",
        "an expert has at most one second copy");
  }
}

void check_shared(const Scenario& scenario, const Model& model, const Locate& locate) {
  if (scenario.experts().shared_slots() > 0 && model.experts().shared() != 1) {
    throw ConfigError(locate("experts.shared_slots"),
                      "a slot holds one shared expert, and " + scenario.model() + " has " +
                          text(model.experts().shared()),
                      "0 keeps them on every rank");
  }
}

void check_unquantized(const Scenario& scenario, const Locate& locate) {
  const Precision& precision = scenario.precision();
  const std::pair<const char*, Dtype> types[] = {{"attention", precision.attention()},
                                                 {"head", precision.head()},
                                                 {"router", precision.router()},
                                                 {"combine", precision.combine()}};
  for (const auto& [key, dtype] : types) {
    if (dtype != DTYPE_BFLOAT16 && dtype != DTYPE_FLOAT16) {
      throw ConfigError(locate(std::string("precision.") + key), "no graph for " + text(dtype),
                        "bfloat16 or float16");
    }
  }
}

void check_types(const Scenario& scenario, const Locate& locate) {
  const Precision& precision = scenario.precision();
  const Dtype linear = precision.linear();
  if (linear == DTYPE_FLOAT32 || element_bytes(linear) < 1) {
    throw ConfigError(locate("precision.linear"), "no graph for " + text(linear),
                      "bfloat16, float16, fp8, fp8_block or int8");
  }
  if (precision.dispatch() != linear && is_quantized(precision.dispatch())) {
    throw ConfigError(locate("precision.dispatch"),
                      "the payload is " + text(precision.dispatch()) +
                          ", and the experts compute in " + text(linear),
                      "bfloat16 or " + text(linear));
  }
  check_unquantized(scenario, locate);
  if (precision.kv_cache() != precision.attention()) {
    throw ConfigError(locate("precision.kv_cache"),
                      "the cache is " + text(precision.kv_cache()) + ", and attention " +
                          text(precision.attention()),
                      "mla_decode has one type for both");
  }
}

// Each phase has a length of its own.
void check_lengths(const Scenario& scenario, const Locate& locate) {
  const bool prefill = scenario.phase() == PHASE_PREFILL;
  const char* needed = prefill ? "prompt_tokens" : "cached_tokens";
  const char* unknown = prefill ? "cached_tokens" : "prompt_tokens";
  const std::int64_t length = prefill ? scenario.prompt_tokens() : scenario.cached_tokens();
  const std::int64_t other = prefill ? scenario.cached_tokens() : scenario.prompt_tokens();
  const std::string phase = prefill ? "prefill" : "decode";
  if (length == 0) {
    throw ConfigError(locate(needed), phase + " needs " + needed, "at least 1");
  }
  if (other > 0) {
    throw ConfigError(locate(unknown), phase + " knows no " + unknown,
                      prefill ? "prefixes that hit a cache are not modelled" : "leave it out");
  }
}

void check_step(const Scenario& scenario, const Model& model, const Locate& locate) {
  check_lengths(scenario, locate);
  if (scenario.sequences_per_rank() % scenario.micro_batches() != 0) {
    throw ConfigError(locate("sequences_per_rank"),
                      text(scenario.sequences_per_rank()) + " sequences do not split into " +
                          text(scenario.micro_batches()) + " micro-batches");
  }
  const std::int64_t drafts = scenario.mtp().positions() - 1;
  if (drafts > model.mtp_layers()) {
    throw ConfigError(locate("mtp.positions"),
                      text(scenario.mtp().positions()) + " positions are " + text(drafts) +
                          " drafts, and " + scenario.model() + " has " + text(model.mtp_layers()) +
                          " MTP modules",
                      "a draft needs a module");
  }
  if (scenario.phase() == PHASE_PREFILL && drafts > 0) {
    throw ConfigError(locate("mtp.positions"), "prefill runs without drafts", "1");
  }
}

}  // namespace

Locate locate_in(const config::Provenance& provenance, std::string prefix, Location fallback) {
  return [&provenance, prefix = std::move(prefix),
          fallback = std::move(fallback)](const std::string& key) {
    const auto found = provenance.find(prefix + key);
    return found == provenance.end() ? fallback : found->second.at;
  };
}

std::int64_t context_tokens(const Scenario& scenario) {
  return std::max(scenario.cached_tokens(), scenario.prompt_tokens());
}

Plan make_plan(const Scenario& scenario, const Model& model, const Locate& locate) {
  check_model(scenario, model, locate);
  check_slots(scenario, model, locate);
  check_shared(scenario, model, locate);
  check_types(scenario, locate);
  check_step(scenario, model, locate);
  const ExpertPlacement& placement = scenario.experts();
  Plan plan;
  plan.phase = scenario.phase();
  plan.ranks = scenario.ranks();
  plan.micro_batches = scenario.micro_batches();
  plan.sequences = scenario.sequences_per_rank() / scenario.micro_batches();
  const bool prefill = plan.phase == PHASE_PREFILL;
  plan.positions = prefill ? scenario.prompt_tokens() : scenario.mtp().positions();
  plan.tokens = plan.sequences * plan.positions;
  plan.cached_tokens = scenario.cached_tokens();
  plan.head_tokens = plan.micro_batches * (prefill ? plan.sequences : plan.tokens);
  plan.slots = plan.ranks * placement.slots_per_rank();
  plan.destinations = model.experts().topk() + (placement.shared_slots() > 0 ? 1 : 0);
  plan.mtp_modules = scenario.mtp().positions() - 1;
  plan.shared_on_rank = model.experts().shared() > 0 && placement.shared_slots() == 0;
  plan.rows = slot_rows(model.experts(), placement, plan.ranks * plan.tokens, scenario.imbalance());
  plan.rank_rows = busiest_rank(plan.rows, model.experts(), placement, plan.ranks);
  return plan;
}

}  // namespace reticle::llm
