#include "workloads/llm/memory.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "schema/dtype.h"
#include "workloads/llm/parameters.h"

namespace reticle::llm {
namespace {

constexpr double kBytesPerGb = 1e9;

struct Holding {
  const char* part;
  Dtype dtype;
};

Holding holding(WeightKind kind, const Precision& precision) {
  switch (kind) {
    case WeightKind::kProjection:
      return {"attention", precision.linear()};
    case WeightKind::kAbsorbed:
      return {"attention", precision.attention()};
    case WeightKind::kDense:
      return {"dense_ffn", precision.linear()};
    case WeightKind::kRouter:
      return {"router", precision.router()};
    case WeightKind::kRouted:
      return {"expert_slots", precision.linear()};
    case WeightKind::kShared:
      return {"shared_expert", precision.linear()};
    case WeightKind::kEmbedding:
      return {"embedding", precision.head()};
    case WeightKind::kHead:
      return {"head", precision.head()};
    case WeightKind::kMtpProjection:
      break;
  }
  return {"mtp", precision.head()};
}

// Matrices of a weight on one rank: its slots of the routed experts, whole copies of the rest.
std::int64_t held(const Weight& weight, const Scenario& scenario, const Model& model,
                  const Plan& plan) {
  if (weight.kind == WeightKind::kRouted) {
    return weight.count / model.experts().routed() * scenario.experts().slots_per_rank();
  }
  return weight.kind == WeightKind::kShared && !plan.shared_on_rank ? 0 : weight.count;
}

void add(std::vector<MemoryPart>& parts, const std::string& name, std::int64_t bytes) {
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [&](const MemoryPart& part) { return part.name == name; });
  if (found != parts.end()) {
    found->bytes += bytes;
  } else if (bytes > 0) {
    parts.push_back({name, bytes});
  }
}

std::int64_t kv_bytes_per_sequence(const Scenario& scenario, const Model& model, const Plan& plan) {
  return data_bytes(
      context_tokens(scenario) * (model.layers() + plan.mtp_modules) * kv_elements(model),
      scenario.precision().kv_cache());
}

std::string gigabytes(double bytes) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.2f GB", bytes / kBytesPerGb);
  return buffer;
}

std::string most_sequences(const Scenario& scenario, const Model& model, const Plan& plan,
                           double spare) {
  const double per_sequence = static_cast<double>(kv_bytes_per_sequence(scenario, model, plan));
  const double sequences =
      static_cast<double>(scenario.sequences_per_rank()) + std::floor(spare / per_sequence);
  const std::int64_t whole =
      static_cast<std::int64_t>(std::max(sequences, 0.0)) / plan.micro_batches * plan.micro_batches;
  return whole > 0 ? "at most " + std::to_string(whole) + " fit" : "the weights alone do not fit";
}

}  // namespace

std::vector<MemoryPart> memory_parts(const Scenario& scenario, const Model& model,
                                     const Plan& plan) {
  std::vector<MemoryPart> parts;
  const Precision& precision = scenario.precision();
  for (const Weight& weight : model_weights(model)) {
    const Holding how = holding(weight.kind, precision);
    add(parts, how.part,
        held(weight, scenario, model, plan) * weight_bytes(weight.n, weight.k, how.dtype));
  }
  for (const Weight& weight : mtp_module_weights(model)) {
    const std::int64_t bytes =
        weight_bytes(weight.n, weight.k, holding(weight.kind, precision).dtype);
    add(parts, "mtp", plan.mtp_modules * held(weight, scenario, model, plan) * bytes);
  }
  add(parts, "kv_cache",
      scenario.sequences_per_rank() * kv_bytes_per_sequence(scenario, model, plan));
  return parts;
}

MemoryFit fit_memory(const Scenario& scenario, const Model& model, const Plan& plan,
                     double reserved, double capacity, const Locate& locate) {
  double used = reserved;
  std::string sums;
  MemoryFit fit;
  const auto put = [&](const std::string& name, double bytes) {
    NamedValue* value = fit.add_parts_gb();
    value->set_name(name);
    value->set_value(bytes / kBytesPerGb);
    sums += (sums.empty() ? "" : " + ") + name + " " + gigabytes(bytes);
  };
  for (const MemoryPart& part : memory_parts(scenario, model, plan)) {
    const double bytes = static_cast<double>(part.bytes);
    used += bytes;
    put(part.name, bytes);
  }
  put("reserved", reserved);
  if (used > capacity) {
    throw ConfigError(locate("sequences_per_rank"),
                      std::to_string(scenario.sequences_per_rank()) +
                          " sequences do not fit in memory: " + sums + " = " + gigabytes(used) +
                          " of " + gigabytes(capacity),
                      most_sequences(scenario, model, plan, capacity - used));
  }
  fit.set_capacity_gb(capacity / kBytesPerGb);
  fit.set_used_gb(used / kBytesPerGb);
  return fit;
}

}  // namespace reticle::llm
