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

TEST_CASE("types without a decode graph are refused where they are written") {
  Scenario scenario = fixtures::h800();
  scenario.mutable_precision()->set_linear(DTYPE_NVFP4);
  CHECK(plan_error(scenario) ==
        "study.yaml:8:1: no decode graph for nvfp4 (bfloat16, float16, fp8, fp8_block or int8)");
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
  CHECK(plan_error(scenario) == "study.yaml:12:1: no decode graph for int8 (bfloat16 or float16)");
}

TEST_CASE("models without MLA, and other latents, are refused") {
  Model model = fixtures::deepseek();
  model.mutable_mla()->set_kv_rank(256);
  CHECK(plan_error(fixtures::h800(), model) ==
        "study.yaml:1:1: deepseek-r1 has a latent of 256 + 64, and mla_decode is defined for 512 + "
        "64");
  model.clear_mla();
  CHECK(plan_error(fixtures::h800(), model) ==
        "study.yaml:1:1: deepseek-r1 has no multi-head latent attention (decode graphs exist for "
        "MLA models with experts)");
}

TEST_CASE("prefill is refused") {
  Scenario scenario = fixtures::h800();
  scenario.set_phase(PHASE_PREFILL);
  CHECK(plan_error(scenario) == "study.yaml:2:1: prefill is not modelled yet (decode)");
}

TEST_CASE("errors point at the key if it was written, else at the scenario") {
  config::Provenance provenance;
  provenance["scenarios.one.ranks"].at = {"study.yaml", 7, 12};
  const Locate locate = locate_in(provenance, "scenarios.one.", {"study.yaml", 5, 3});
  CHECK(locate("ranks").line == 7);
  CHECK(locate("ranks").column == 12);
  CHECK(locate("phase").line == 5);
}
