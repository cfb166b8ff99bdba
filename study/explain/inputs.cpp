#include "study/explain/inputs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace reticle::study {

namespace {

// Keys below a config's name, or endings of them ("*.bandwidth": of every tier). Shares of a clock,
// of time and of capacity that describe one thing twice are left out.
constexpr std::array kChipKeys = {
    "clock", "power.cap", "hbm.data_rate", "hbm.latency", "l2.capacity", "l2.latency",
    "l2.read_bandwidth", "l2.write_bandwidth", "*.macs_per_clk",
    // DaVinci
    "davinci.mte1_a", "davinci.mte1_b", "davinci.mte2_cube", "davinci.mte2_nd2nz",
    "davinci.mte2_vector", "davinci.mte3", "davinci.fixpipe", "davinci.vector_bytes",
    "davinci.vector_startup", "davinci.exp_rate", "davinci.cross_core_flag", "davinci.scalar_sync",
    "davinci.remote_rate",
    // Hopper class
    "tensor_gpu.shared_read", "tensor_gpu.l2_read", "tensor_gpu.l2_write", "tensor_gpu.tma_latency",
    "tensor_gpu.fp32_rate", "tensor_gpu.sfu_rate", "tensor_gpu.matrix_latency"};
constexpr std::array kSystemKeys = {"*.bandwidth", "*.latency", "*.read_pair_cap",
                                    "*.write_pair_cap"};
constexpr std::array kSoftwareKeys = {
    "launch.graph_gap",    "launch.kernel_prologue",   "launch.core_start",
    "host.time_per_step",  "transfers.start",          "transfers.network_start",
    "transfers.dma.start", "transfers.normal.sm_rate", "transfers.normal.row_time"};
constexpr std::array kScenarioKeys = {"cached_tokens", "prompt_tokens", "mtp.acceptance",
                                      "imbalance"};

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

template <std::size_t N>
bool listed(const std::string& key, const std::array<const char*, N>& keys) {
  return std::any_of(keys.begin(), keys.end(), [&](const std::string one) {
    return one[0] == '*' ? ends_with(key, one.substr(1)) : one == key;
  });
}

// Whole numbers stay whole.
double grid_of(const config::Origin& origin) {
  const bool counts = origin.unit.empty() || origin.unit == "clk";
  return counts && origin.value == std::floor(origin.value) && origin.value > 1 ? 1 : 0;
}

template <std::size_t N>
void collect(std::vector<Input>& found, const config::Provenance& provenance,
             const std::string& prefix, const std::string& shown,
             const std::array<const char*, N>& keys) {
  for (const auto& [path, origin] : provenance) {
    if (path.compare(0, prefix.size(), prefix) != 0) {
      continue;
    }
    const std::string key = path.substr(prefix.size());
    if (listed(key, keys) && origin.value > 0) {
      found.push_back({shown + key, origin.value, origin.unit, origin.grade, grid_of(origin)});
    }
  }
}

}  // namespace

std::vector<Input> candidate_inputs(const ScenarioInputs& inputs,
                                    const config::Loaded<Study>& study) {
  std::vector<Input> found;
  const auto name = [](const char* kind, const auto& loaded) {
    return std::string(kind) + "." + loaded.message.name() + ".";
  };
  collect(found, inputs.rank_chip.provenance, "", name("chips", inputs.rank_chip), kChipKeys);
  collect(found, inputs.system.provenance, "fabric.", name("systems", inputs.system) + "fabric.",
          kSystemKeys);
  collect(found, inputs.software.provenance, "", name("software", inputs.software), kSoftwareKeys);
  const std::string scenario = "scenarios." + inputs.scenario.name() + ".";
  collect(found, study.provenance, scenario, scenario, kScenarioKeys);
  found.push_back({scenario + "sequences_per_rank",
                   static_cast<double>(inputs.scenario.sequences_per_rank()), "", "user",
                   static_cast<double>(inputs.scenario.micro_batches())});
  return found;
}

Changed changed(const Input& input, double factor) {
  double value = input.value * factor;
  if (input.grid > 0) {
    const double least = factor > 1 ? input.value + input.grid : input.value - input.grid;
    value = std::round(value / input.grid) * input.grid;
    value = factor > 1 ? std::max(value, least) : std::min(value, least);
  }
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.12g", value);
  std::string written = text.data();
  return {{input.path, input.unit.empty() ? written : written + " " + input.unit}, value};
}

}  // namespace reticle::study
