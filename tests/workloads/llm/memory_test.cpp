#include "workloads/llm/memory.h"

#include <catch2/catch.hpp>

#include "tests/workloads/llm/fixtures.h"

using namespace reticle;
using namespace reticle::llm;

namespace {

constexpr double kReserved = 4e9;
constexpr double kH800 = 80e9;

std::int64_t part(const std::vector<MemoryPart>& parts, const std::string& name) {
  for (const MemoryPart& part : parts) {
    if (part.name == name) {
      return part.bytes;
    }
  }
  return 0;
}

std::int64_t cells(std::int64_t n, std::int64_t k) { return n * k; }

std::string fit_error(const Scenario& scenario) {
  try {
    fit_memory(scenario, fixtures::deepseek(), fixtures::plan(scenario), kReserved, kH800,
               fixtures::at);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("KV bytes a token are those of DeepSeek-V3 in ISCA'25 (row L0057)") {
  const Scenario scenario = fixtures::h800();
  const auto parts = memory_parts(scenario, fixtures::deepseek(), fixtures::plan(scenario));
  CHECK(part(parts, "kv_cache") == 128LL * 4096 * 70272);
}

TEST_CASE("the MTP module has a KV cache and an MoE layer of its own") {
  const Scenario scenario = fixtures::cloudmatrix();
  const auto parts = memory_parts(scenario, fixtures::deepseek(), fixtures::plan(scenario));
  CHECK(part(parts, "kv_cache") == 48LL * 4096 * 62 * 576 * 2);
  const std::int64_t int8_matrices = cells(2112, 7168) + cells(24576, 1536) + cells(7168, 16384) +
                                     cells(4096, 7168) + cells(7168, 2048);  // attention, one slot
  const std::int64_t scales = 4LL * (2112 + 24576 + 7168 + 4096 + 7168);
  const std::int64_t bf16_matrices = cells(32768, 512) + cells(256, 7168) + cells(7168, 14336);
  CHECK(part(parts, "mtp") == int8_matrices + scales + 2 * bf16_matrices);
  CHECK(part(parts, "shared_expert") == 0);
  CHECK(part(parts, "expert_slots") == 58LL * (3 * 2048 * 7168 + 4 * (4096 + 7168)));
}

TEST_CASE("the H800 case takes about 62 GB and the runtime's share of 80") {
  const Scenario scenario = fixtures::h800();
  const MemoryFit fit = fit_memory(scenario, fixtures::deepseek(), fixtures::plan(scenario),
                                   kReserved, kH800, fixtures::at);
  CHECK(fit.capacity_gb() == 80);
  CHECK(fit.used_gb() - kReserved / 1e9 == Approx(62).epsilon(0.01));  // issue 2, item 10
  double sum = 0;
  for (const NamedValue& value : fit.parts_gb()) {
    sum += value.value();
  }
  CHECK(sum == Approx(fit.used_gb()));
}

TEST_CASE("256 sequences a rank are refused with the sums") {
  Scenario scenario = fixtures::h800();
  scenario.set_sequences_per_rank(256);
  CHECK(
      fit_error(scenario) ==
      "study.yaml:6:1: 256 sequences do not fit in memory: attention 12.44 GB + dense_ffn 1.19 GB "
      "+ router 0.21 GB + expert_slots 5.11 GB + shared_expert 2.55 GB + embedding 1.85 GB + head "
      "1.85 GB + kv_cache 73.69 GB + reserved 4.00 GB = 102.90 GB of 80.00 GB (at most 176 fit)");
}

TEST_CASE("weights that leave no room for a sequence say so") {
  const Scenario scenario = fixtures::h800();
  CHECK_THROWS_WITH(
      fit_memory(scenario, fixtures::deepseek(), fixtures::plan(scenario), kReserved, 24e9,
                 fixtures::at),
      Catch::Matchers::EndsWith("= 66.06 GB of 24.00 GB (the weights alone do not fit)"));
}

TEST_CASE("the refusal names the largest batch that fits") {
  Scenario scenario = fixtures::h800();
  scenario.set_sequences_per_rank(176);
  CHECK(fit_error(scenario).empty());
  scenario.set_sequences_per_rank(178);
  CHECK(fit_error(scenario).find("(at most 176 fit)") != std::string::npos);
}
