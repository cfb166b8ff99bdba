#include <catch2/catch.hpp>

#include "tests/workloads/llm/fixtures.h"

using namespace reticle;
using namespace reticle::llm;
using fixtures::plan_error;

TEST_CASE("CloudMatrix: tokens an expert over the step are those of issue 2") {
  // 320 ranks x 48 sequences x 2 positions = 30,720 tokens
  const Scenario scenario = fixtures::cloudmatrix();
  const SlotRows rows = slot_rows(fixtures::deepseek().experts(), scenario.experts(), 30720);
  CHECK(rows.routed == 960);
  CHECK(rows.copied == 480);
  CHECK(rows.shared == 960);
}

TEST_CASE("CloudMatrix: a micro-batch is half the step") {
  const Plan plan = fixtures::plan(fixtures::cloudmatrix());
  CHECK(plan.sequences == 24);
  CHECK(plan.tokens == 48);
  CHECK(plan.slots == 320);
  CHECK(plan.destinations == 9);
  CHECK(plan.mtp_modules == 1);
  CHECK_FALSE(plan.shared_on_rank);
  CHECK(plan.rows.routed == 480);
  CHECK(plan.rank_rows == std::vector<std::int64_t>{480});
}

TEST_CASE("H800: two routed experts a rank, the shared one outside the slots") {
  const Plan plan = fixtures::plan(fixtures::h800());
  CHECK(plan.tokens == 64);
  CHECK(plan.destinations == 8);
  CHECK(plan.mtp_modules == 0);
  CHECK(plan.shared_on_rank);
  CHECK(plan.rank_rows == std::vector<std::int64_t>{256, 256});  // 128 x 64 x 8 / 256
}

TEST_CASE("slots hold every copy that dispatch sends") {
  for (const Scenario& scenario : {fixtures::cloudmatrix(), fixtures::h800()}) {
    const Plan plan = fixtures::plan(scenario);
    const std::int64_t copied = scenario.experts().redundant();
    const std::int64_t held = (256 - copied) * plan.rows.routed + 2 * copied * plan.rows.copied +
                              scenario.experts().shared_slots() * plan.rows.shared;
    CHECK(held == plan.ranks * plan.tokens * plan.destinations);
  }
}

TEST_CASE("an uneven division means the busiest slot") {
  Experts experts = fixtures::deepseek().experts();
  ExpertPlacement placement;
  CHECK(slot_rows(experts, placement, 32).routed == 1);
  CHECK(slot_rows(experts, placement, 33).routed == 2);
  CHECK(slot_rows(experts, placement, 33).copied == 1);
  CHECK(slot_rows(experts, placement, 33).shared == 0);
}

TEST_CASE("slots are dealt heaviest first to the emptiest rank") {
  Experts experts;
  experts.set_routed(4);
  ExpertPlacement placement;
  placement.set_slots_per_rank(2);
  placement.set_redundant(1);
  placement.set_shared_slots(1);
  // Slots 10 10 10 (routed), 5 5 (copies), 8 (shared) on three ranks: 10+5, 10+5, 10+8.
  CHECK(busiest_rank({10, 5, 8}, experts, placement, 3) == std::vector<std::int64_t>{10, 8});
  // A light shared slot: 10+5, 10+5, 10+1.
  CHECK(busiest_rank({10, 5, 1}, experts, placement, 3) == std::vector<std::int64_t>{10, 5});
}

TEST_CASE("slots that do not fit show both sums") {
  Scenario scenario = fixtures::cloudmatrix();
  scenario.mutable_experts()->set_redundant(64);
  CHECK(plan_error(scenario) ==
        "study.yaml:3:1: 320 ranks x 1 slots a rank = 320 expert slots, but 256 routed + 64 "
        "redundant + 32 shared = 352 (both sides must be equal)");
  scenario.mutable_experts()->set_redundant(31);
  CHECK(plan_error(scenario) ==
        "study.yaml:3:1: 320 ranks x 1 slots a rank = 320 expert slots, but 256 routed + 31 "
        "redundant + 32 shared = 319 (both sides must be equal)");
  scenario.mutable_experts()->set_redundant(32);
  CHECK(plan_error(scenario).empty());
}

TEST_CASE("every routed expert needs a slot") {
  Scenario scenario = fixtures::cloudmatrix();
  scenario.set_ranks(287);
  CHECK(plan_error(scenario) ==
        "study.yaml:3:1: 287 ranks x 1 slots a rank = 287 expert slots, less 32 shared = 255 for "
        "256 routed experts (every routed expert needs a slot)");
  scenario.set_ranks(288);
  scenario.mutable_experts()->set_redundant(0);
  CHECK(plan_error(scenario).empty());
}

TEST_CASE("an expert has at most two slots") {
  Scenario scenario = fixtures::h800();
  scenario.mutable_experts()->set_redundant(256);
  scenario.mutable_experts()->set_slots_per_rank(4);
  CHECK(plan_error(scenario).empty());
  scenario.mutable_experts()->set_redundant(384);
  scenario.mutable_experts()->set_slots_per_rank(5);
  CHECK(plan_error(scenario) ==
        "study.yaml:4:1: 384 second copies of 256 routed experts (an expert has at most one second "
        "copy)");
}

TEST_CASE("several shared experts do not fit a slot") {
  Model model = fixtures::deepseek();
  model.mutable_experts()->set_shared(2);
  CHECK(plan_error(fixtures::cloudmatrix(), model) ==
        "study.yaml:5:1: a slot holds one shared expert, and deepseek-r1 has 2 (0 keeps them on "
        "every rank)");
  CHECK(plan_error(fixtures::h800(), model).empty());
}

TEST_CASE("sequences split evenly into micro-batches") {
  Scenario scenario = fixtures::h800();
  scenario.set_sequences_per_rank(127);
  CHECK(plan_error(scenario) == "study.yaml:6:1: 127 sequences do not split into 2 micro-batches");
  scenario.set_micro_batches(1);
  CHECK(plan_error(scenario).empty());
}

TEST_CASE("each draft needs an MTP module") {
  Scenario scenario = fixtures::cloudmatrix();
  scenario.mutable_mtp()->set_positions(3);
  CHECK(plan_error(scenario) ==
        "study.yaml:7:1: 3 positions are 2 drafts, and deepseek-r1 has 1 MTP modules (a draft "
        "needs a module)");
}

TEST_CASE("types without a graph are refused where they are written") {
  Scenario scenario = fixtures::h800();
  scenario.mutable_precision()->set_linear(DTYPE_NVFP4);
  CHECK(plan_error(scenario) ==
        "study.yaml:8:1: no graph for nvfp4 (bfloat16, float16, fp8, fp8_block or int8)");
  scenario = fixtures::h800();
  scenario.mutable_precision()->set_dispatch(DTYPE_INT8);
  CHECK(plan_error(scenario) ==
        "study.yaml:9:1: the payload is int8, and the experts compute in fp8_block (bfloat16 or "
        "fp8_block)");
  scenario = fixtures::h800();
  scenario.mutable_precision()->set_kv_cache(DTYPE_FP8);
  CHECK(plan_error(scenario) ==
        "study.yaml:10:1: the cache is fp8, and attention bfloat16 (mla_decode has one type for "
        "both)");
  scenario = fixtures::h800();
  scenario.mutable_precision()->set_router(DTYPE_INT8);
  CHECK(plan_error(scenario) == "study.yaml:12:1: no graph for int8 (bfloat16 or float16)");
}

TEST_CASE("models without MLA, and other latents, are refused") {
  Model model = fixtures::deepseek();
  model.mutable_mla()->set_kv_rank(256);
  CHECK(plan_error(fixtures::h800(), model) ==
        "study.yaml:1:1: deepseek-r1 has a latent of 256 + 64, and mla_decode is defined for 512 + "
        "64");
  model.clear_mla();
  CHECK(plan_error(fixtures::h800(), model) ==
        "study.yaml:1:1: deepseek-r1 has no multi-head latent attention (graphs exist for MLA "
        "models with experts)");
}

TEST_CASE("each phase has its own length, and prefill no drafts") {
  Scenario scenario = fixtures::h800();
  scenario.set_cached_tokens(0);
  CHECK(plan_error(scenario) == "study.yaml:13:1: decode needs cached_tokens (at least 1)");
  scenario.set_cached_tokens(1);
  scenario.set_prompt_tokens(1);
  CHECK(plan_error(scenario) == "study.yaml:14:1: decode knows no prompt_tokens (leave it out)");
  scenario = fixtures::prefill();
  CHECK(plan_error(scenario).empty());
  scenario.mutable_mtp()->set_positions(2);
  CHECK(plan_error(scenario) == "study.yaml:7:1: prefill runs without drafts (1)");
  scenario = fixtures::prefill();
  scenario.set_cached_tokens(1);
  CHECK(plan_error(scenario) ==
        "study.yaml:13:1: prefill knows no cached_tokens (prefixes that hit a cache are not "
        "modelled)");
  scenario = fixtures::prefill();
  scenario.set_prompt_tokens(0);
  CHECK(plan_error(scenario) == "study.yaml:14:1: prefill needs prompt_tokens (at least 1)");
}

TEST_CASE("a prefill pass: whole prompts a micro-batch, logits of their last positions") {
  const Plan plan = fixtures::plan(fixtures::prefill());
  CHECK(plan.sequences == 2);
  CHECK(plan.tokens == 2 * 4096);
  CHECK(plan.head_tokens == 4);
  CHECK(plan.mtp_modules == 0);
  // 32 ranks x 8,192 tokens x 8 / 256 rows an expert: 8 experts' worth on every rank.
  CHECK(plan.rows.routed == 8192);
  std::int64_t rows = 0;
  for (const std::int64_t slot : plan.rank_rows) {
    rows += slot;
  }
  CHECK(plan.rank_rows.size() == 9);
  CHECK(rows == 8 * 8192);
}

TEST_CASE("imbalance raises the busiest rank's rows, not those of the shared expert") {
  const Experts experts = fixtures::deepseek().experts();
  const ExpertPlacement placement = fixtures::cloudmatrix().experts();
  const SlotRows even = slot_rows(experts, placement, 30720);
  const SlotRows uneven = slot_rows(experts, placement, 30720, 1.25);
  CHECK(uneven.routed == even.routed * 5 / 4);
  CHECK(uneven.copied == even.copied * 5 / 4);
  CHECK(uneven.shared == even.shared);
  CHECK(slot_rows(experts, placement, 32, 1.01).routed == 2);  // rounded up
}

TEST_CASE("errors point at the key if it was written, else at the scenario") {
  config::Provenance provenance;
  provenance["scenarios.one.ranks"].at = {"study.yaml", 7, 12};
  const Locate locate = locate_in(provenance, "scenarios.one.", {"study.yaml", 5, 3});
  CHECK(locate("ranks").line == 7);
  CHECK(locate("ranks").column == 12);
  CHECK(locate("phase").line == 5);
}
