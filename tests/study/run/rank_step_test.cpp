#include "study/run/rank_step.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <optional>
#include <set>
#include <string>

#include "models/kernels/store.h"
#include "schema/errors.h"
#include "schema/json.h"
#include "sim/trace/reader.h"
#include "study/run/expert_kernels.h"
#include "study/run/rank_trace.h"
#include "tests/support/folder.h"

using namespace reticle;
using namespace reticle::study;

namespace {

// Four layers of a small DeepSeek, three of them with 64 experts.
constexpr const char* kModel =
    R"({"model_type": "deepseek_v3", "architectures": ["DeepseekV3ForCausalLM"],
  "hidden_size": 1024, "num_hidden_layers": 4, "first_k_dense_replace": 1, "intermediate_size": 2048,
  "moe_intermediate_size": 512, "n_routed_experts": 64, "n_shared_experts": 1, "num_experts_per_tok": 6,
  "num_attention_heads": 16, "num_key_value_heads": 16, "q_lora_rank": 512, "kv_lora_rank": 512,
  "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "vocab_size": 4096,
  "num_nextn_predict_layers": 0, "tie_word_embeddings": false, "hidden_act": "silu", "torch_dtype": "bfloat16"})";

// It decodes on two nodes of CloudMatrix384: 32 dies with SLOTS expert slots each.
constexpr const char* kStudy = R"(
question: ranks
source: test
grade: A
uncertainty: {draws: 100}
scenarios:
  one:
    system: cloudmatrix384
    model: MODEL
    software: cann-cm384
    ranks: 32
    sequences_per_rank: 64
    cached_tokens: 256
    micro_batches: 2
    mtp: {positions: 1, acceptance: 0}
    attention_cores: {matrix: 16, vector: 32}
    moe_cores: {matrix: 8, vector: 16}
    precision: {linear: int8, attention: bfloat16, kv_cache: bfloat16, head: bfloat16, dispatch: int8, combine: bfloat16}
    site: {electricity: 0.1 USD/kWh, pue: 1.2, psu_efficiency: 0.96, hosting: 200 USD/kW-month, life: 5 year, discount_rate: 0.1, maintenance: 0.05, availability: 0.95, utilisation: 1}
)";

const std::string kEven = "    experts: {slots_per_rank: 2}\n";

struct Run {
  // `keys` are of the scenario.
  explicit Run(const std::string& keys) : store({}) {
    folder.write("model.json", kModel);
    std::string text = kStudy + keys;
    text.replace(text.find("MODEL"), 5, (folder / "model.json").string());
    config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
    study = catalog.open_study(folder.write("ranks.yaml", text));
    inputs = load_scenario(catalog, study, study.message.scenarios(0));
  }

  Simulator& simulator() {
    if (!chip) {
      chip.emplace("chip", inputs.rank_chip.message, inputs.software.message, FIDELITY_CYCLE,
                   store);
    }
    return *chip;
  }

  Step alike() { return simulate_step(inputs, simulator()); }

  test::Folder folder;
  config::Loaded<Study> study;
  ScenarioInputs inputs;
  kernels::Store store;
  std::optional<Simulator> chip;
};

// The same scenario with other keys, on the chip and at the clock of `run`.
RankStep on_the_chip_of(Run& run, const std::string& keys, std::uint64_t seed = 1) {
  const Run other(keys);
  Step step = simulate_step(other.inputs, run.simulator());
  return simulate_ranks(other.inputs, run.simulator(), step, seed);
}

std::string refusal(const std::string& keys) {
  try {
    const Run run(keys);
  } catch (const ConfigError& error) {
    const std::string text = error.what();
    return text.substr(text.find("ranks.yaml"));
  }
  return "not refused";
}

}  // namespace

TEST_CASE("balanced loads: every rank takes what one rank for all takes") {
  Run run(kEven + "    per_rank: true\n");
  REQUIRE(rank_by_rank(run.inputs));
  const Step alike = run.alike();
  Step step = alike;
  const RankStep ranks = simulate_ranks(run.inputs, run.simulator(), step, 1);
  const auto rounding = static_cast<double>(4 * alike.graph.nodes.size());  // ps
  CHECK(std::abs(static_cast<double>(step.device_ps - alike.device_ps)) <= rounding);
  CHECK(step.power.power_w == Approx(alike.power.power_w));
  for (const auto& [component, joules] : alike.joules) {
    INFO(component);
    CHECK(step.joules.at(component) == Approx(joules));
  }
  CHECK(ranks.result.imbalance() == Approx(1));
  const std::string json = to_json(ranks.result, -1);
  CHECK(json.find(R"({"straggler":{"rank":0,"awaited_ms":0.0,"meetings":0},"imbalance":1.0,)") ==
        0);
  CHECK(json.find(R"("by_rank":[{"rank":0,"die":0,"expert_rows":)") != std::string::npos);
  CHECK(ranks.result.waiting_ms().max() == 0);
  CHECK(ranks.result.compute_ms().max() == ranks.result.compute_ms().min());
  REQUIRE(step.spans.size() == alike.spans.size());
  for (std::size_t i = 0; i < step.spans.size(); ++i) {
    CHECK(std::abs(static_cast<double>(step.spans[i].end - alike.spans[i].end)) <= rounding);
  }
}

TEST_CASE("the trace of ranks has the tokens of every expert slot") {
  Run run(kEven + "    routing: power_law_1.2\n");
  Step step = run.alike();
  const RankStep ranks = simulate_ranks(run.inputs, run.simulator(), step, 1);
  write_rank_trace(run.folder / "ranks.rtrace", run.inputs, step, ranks);
  trace::Reader reader(run.folder / "ranks.rtrace");
  const trace::Summary& summary = reader.summary();
  REQUIRE(summary.counters.size() == 32 * 2);
  const int last_layer = ranks.rows.rbegin()->first;
  for (std::size_t i = 0; i < summary.counters.size(); ++i) {
    CHECK(summary.counters[i].unit == "tokens");
    const std::int64_t last = ranks.rows.at(last_layer)[i / 2][i % 2];
    CHECK(summary.totals.counters[i].last_value == static_cast<double>(last));
  }
}

TEST_CASE("balanced loads with copies: the busiest rank stands for all, nearly") {
  // Ranks with a copy have half the rows of an expert less: those without are who ends last.
  Run run("    experts: {slots_per_rank: 3, redundant: 32}\n    per_rank: true\n");
  const Step alike = run.alike();
  Step step = alike;
  simulate_ranks(run.inputs, run.simulator(), step, 1);
  CHECK(static_cast<double>(step.device_ps) ==
        Approx(static_cast<double>(alike.device_ps)).epsilon(0.01));
}

TEST_CASE("power-law loads: the step is longer, its ranks wait, and EPLB gives time back") {
  Run run(kEven);
  const Step alike = run.alike();
  const std::string law = "    routing: power_law_1.2\n";
  const RankStep skewed = on_the_chip_of(run, kEven + law);
  const RankStep placed = on_the_chip_of(run, kEven + law + "    eplb: true\n");
  const RankStep copied = on_the_chip_of(
      run, "    experts: {slots_per_rank: 3, redundant: 32}\n" + law + "    eplb: true\n");
  CHECK(skewed.run.end_ps > placed.run.end_ps);
  CHECK(placed.run.end_ps > alike.device_ps);
  CHECK(skewed.result.imbalance() > placed.result.imbalance());
  CHECK(placed.result.imbalance() > copied.result.imbalance());
  CHECK(copied.result.imbalance() < 1.2);
  CHECK(skewed.result.waiting_ms().mean() > 0);
  CHECK(skewed.result.straggler().awaited_ms() > 0);
  CHECK(skewed.result.hot_links_size() > 0);
  double waited = 0;
  double awaited = 0;
  for (const RankFigures& rank : skewed.result.by_rank()) {
    waited += rank.waiting_ms();
    awaited += rank.awaited_ms();
    CHECK(rank.end_ms() <= static_cast<double>(skewed.run.end_ps) * 1e-9);
  }
  CHECK(waited == Approx(awaited));  // somebody is waited for whenever somebody waits
  const RankStep again = on_the_chip_of(run, kEven + law);
  CHECK(again.run.end_ps == skewed.run.end_ps);
  CHECK(on_the_chip_of(run, kEven + law, 2).run.end_ps != skewed.run.end_ps);
}

TEST_CASE("all tokens on one rank: the others wait for its experts, at its port") {
  Run run(kEven);
  const RankStep one = on_the_chip_of(run, kEven + "    routing: one_rank\n");
  CHECK(one.result.imbalance() == Approx(32));
  CHECK(one.result.straggler().rank() == 0);
  CHECK(one.result.hot_links(0).link().find("ub port") == 0);
  CHECK(one.result.hot_links(0).link().back() == '0');
  // 3 layers x 2 micro-batches: 31 ranks' rows of 32 tokens x 6 cross rank 0's port, two of them
  // less over the package's own link.
  const double rows = 3 * 2 * 30 * 32 * 6;
  CHECK(one.result.hot_links(0).gb() == Approx(rows * 2048 * 1e-9).epsilon(0.5));
}

TEST_CASE("faults of a scenario: links slow down the step as far as they carry it") {
  Run run(kEven);
  const std::string each = kEven + "    per_rank: true\n";
  const engine::Ps whole = on_the_chip_of(run, each).run.end_ps;
  const RankStep slow =
      on_the_chip_of(run, kEven +
                              "    faults:\n      a: {tier: ub_node, die: 5, rate_left: 0.01}\n"
                              "      b: {tier: ub_system, die: 5, rate_left: 0.01}\n");
  CHECK(slow.run.end_ps > whole);
  const std::string hot = slow.result.hot_links(0).link();
  CHECK(hot.find("ub port") == 0);
  CHECK(hot.substr(hot.size() - 2) == " 5");
  const RankStep cut =
      on_the_chip_of(run, each + "    faults:\n      a: {tier: ub_system, rate_left: 0.01}\n");
  CHECK(cut.run.end_ps > whole);
  const RankStep spare = on_the_chip_of(
      run, kEven + "    spare_ranks: 2\n    faults:\n      a: {die: 3, missing: true}\n");
  CHECK(spare.result.by_rank(3).die() == 4);
  CHECK(spare.result.by_rank(31).die() == 32);
}

TEST_CASE("spares are bought with the ranks") {
  CHECK(Run(kEven).inputs.machine.packages == 16);
  CHECK(Run(kEven + "    spare_ranks: 4\n").inputs.machine.packages == 18);
  CHECK(Run(kEven + "    spare_ranks: 4\n").inputs.machine.nodes == 3);
}

TEST_CASE("what ranks cannot do is refused where it is written") {
  const std::string faults = kEven + "    faults:\n      a: ";
  CHECK(refusal(kEven + "    routing: zipf\n") ==
        "ranks.yaml:11:12: routing=zipf: not balanced, one_rank, power_law_A or a number an expert "
        "(a:b:c)");
  CHECK(
      refusal(kEven + "    routing: power_law_1.2\n    per_rank: false\n") ==
      "ranks.yaml:11:12: per_rank: false, but ranks differ (routing, faults of single dies) (leave "
      "per_rank out)");
  CHECK(refusal(faults + "{tier: ub_sytem, planes_down: 1}\n") ==
        "ranks.yaml:22:40: system `cloudmatrix384`: fault `a`: no tier `ub_sytem` (did you mean "
        "`ub_system`? tiers: die_to_die, ub_node, ub_system)");
  CHECK(refusal(faults + "{tier: ub_node, die: 768, rate_left: 0.5}\n") ==
        "ranks.yaml:22:31: fault `a`: die 768 of 768 (counted from 0)");
  CHECK(refusal(kEven + "    spare_ranks: 0\n    faults:\n      a: {die: 3, missing: true}\n") ==
        "ranks.yaml:11:12: ranks=32: system `cloudmatrix384` has 32 dies, 1 of them missing "
        "(faults): "
        "no spare is left");
  CHECK(refusal(faults + "{tier: ub_system, planes_down: 7}\n") ==
        "ranks.yaml:22:41: system `cloudmatrix384`: ranks 16 and 0 cannot reach each other: every "
        "link that joins them is down (faults)");
}

TEST_CASE("kernels of experts between simulated rows are near what simulating them gives") {
  CHECK(knots(1) == std::pair<std::int64_t, std::int64_t>{1, 1});
  CHECK(knots(16) == std::pair<std::int64_t, std::int64_t>{16, 16});
  CHECK(knots(17) == std::pair<std::int64_t, std::int64_t>{16, 32});
  CHECK(knots(250) == std::pair<std::int64_t, std::int64_t>{240, 256});
  CHECK(knots(260.5) == std::pair<std::int64_t, std::int64_t>{256, 288});
  Run run(kEven);
  const Step alike = run.alike();
  std::set<std::vector<std::int64_t>> many;
  for (std::int64_t rows = 1; rows <= 100; ++rows) {
    many.insert({rows, rows});
  }
  ExpertKernels between(run.simulator(), alike.power.clock_hz, many);
  ExpertKernels exact(run.simulator(), alike.power.clock_hz, {});
  const auto node = std::find_if(alike.graph.nodes.begin(), alike.graph.nodes.end(), follows_rows);
  REQUIRE(node != alike.graph.nodes.end());
  const Cores cores = alike.nodes[static_cast<std::size_t>(node - alike.graph.nodes.begin())].cores;
  for (const std::int64_t rows : {7, 40, 93, 150, 270}) {
    const DemandVector near = between.demand(*node, cores, {rows, rows});
    const DemandVector right = exact.demand(*node, cores, {rows, rows});
    INFO(rows << " rows a slot");
    CHECK(static_cast<double>(near.time_ps()) ==
          Approx(static_cast<double>(right.time_ps())).epsilon(0.08));
    CHECK(near.operations() == Approx(right.operations()));
  }
  CHECK(exact.demand(*node, cores, {0, 0}).time_ps() == 0);
}
