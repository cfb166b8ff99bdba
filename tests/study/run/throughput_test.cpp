#include "study/run/throughput.h"

#include <catch2/catch.hpp>

#include "study/run/bottlenecks.h"
#include "study/run/peak.h"

namespace reticle::study {

TEST_CASE("accepted tokens a step: each draft needs all before it") {
  Mtp mtp;
  mtp.set_positions(1);
  mtp.set_acceptance(0.7);
  CHECK(tokens_per_step(mtp) == 1);
  mtp.set_positions(2);
  CHECK(tokens_per_step(mtp) == 1.7);
  mtp.set_positions(3);
  CHECK(tokens_per_step(mtp) == Approx(1 + 0.7 + 0.49));
  mtp.set_acceptance(1);
  CHECK(tokens_per_step(mtp) == 3);
  mtp.set_acceptance(0);
  CHECK(tokens_per_step(mtp) == 1);
}

TEST_CASE("bottlenecks: the critical path alone, host time as launch, shares of one") {
  Step step;
  for (int i = 0; i < 3; ++i) {
    chips::TaskSpan span;
    span.held_by.assign(Resource_ARRAYSIZE, 0);
    step.spans.push_back(span);
  }
  // 0 -> 2 end the step; 1 runs beside them.
  step.spans[0].end = 60;
  step.spans[0].held_by[RESOURCE_HBM] = 50;
  step.spans[0].held_by[RESOURCE_LAUNCH] = 10;
  step.spans[1].end = 70;
  step.spans[1].held_by[RESOURCE_LINK] = 70;
  step.spans[2].issue = 60;
  step.spans[2].end = 90;
  step.spans[2].held_by[RESOURCE_TENSOR] = 30;
  step.spans[2].waited_for = 0;
  step.device_ps = 90;
  step.host_ps = 10;
  const auto shares = bottlenecks(step);
  REQUIRE(shares.size() == 3);
  CHECK(shares[0].resource() == "hbm");
  CHECK(shares[0].share() == 0.5);
  CHECK(shares[1].resource() == "tensor");
  CHECK(shares[1].share() == 0.3);
  CHECK(shares[2].resource() == "launch");  // 10 in the step and 10 of the host
  CHECK(shares[2].share() == 0.2);
}

TEST_CASE("peak: two operations a MAC, every core, at the clock, and none without a unit") {
  Chip chip;
  chip.set_name("toy");
  chip.set_family(FAMILY_TENSOR_GPU);
  chip.set_clock(1e9);
  chip.mutable_tensor_gpu()->set_sms(4);
  MatrixRate* rate = chip.mutable_tensor_gpu()->add_matrix();
  rate->set_dtype(DTYPE_BFLOAT16);
  rate->set_macs_per_clk(512);
  CHECK(peak_flops(chip, DTYPE_BFLOAT16) == 2.0 * 512 * 4 * 1e9);
  CHECK_THROWS_WITH(peak_flops(chip, DTYPE_INT4), "chip toy has no matrix unit for int4");
}

TEST_CASE("prefill counts prompt tokens, and its pass is their time to first token") {
  ScenarioInputs inputs;
  inputs.scenario.set_phase(PHASE_PREFILL);
  inputs.scenario.set_ranks(4);
  inputs.scenario.set_sequences_per_rank(2);
  inputs.scenario.set_prompt_tokens(1000);
  inputs.scenario.mutable_precision()->set_linear(DTYPE_BFLOAT16);
  inputs.machine.packages = 2;
  inputs.machine.ranks_per_package = 2;
  Chip& chip = inputs.rank_chip.message;
  chip.set_family(FAMILY_TENSOR_GPU);
  chip.set_clock(1e9);
  chip.mutable_tensor_gpu()->set_sms(4);
  MatrixRate* rate = chip.mutable_tensor_gpu()->add_matrix();
  rate->set_dtype(DTYPE_BFLOAT16);
  rate->set_macs_per_clk(512);
  inputs.model.mutable_experts()->set_routed(1);
  Step step;
  step.device_ps = 500'000'000'000;  // 0.5 s
  const Throughput result = throughput(inputs, step);
  CHECK(result.tokens_per_s_per_rank() == Approx(4000));
  CHECK(result.tokens_per_s_per_chip() == Approx(8000));
  CHECK(result.tokens_per_s() == Approx(16000));
  CHECK(result.ttft_ms() == Approx(500));
  CHECK(result.tokens_per_step_per_sequence() == 1000);
  CHECK_FALSE(result.has_tpot_ms());
  inputs.scenario.set_phase(PHASE_DECODE);
  inputs.scenario.mutable_mtp()->set_positions(1);
  CHECK(throughput(inputs, step).tpot_ms() == Approx(500));
  CHECK_FALSE(throughput(inputs, step).has_ttft_ms());
}

}  // namespace reticle::study
