// --json: the keys of the contract (docs/commands.md), and figures that agree with each other.
#include <catch2/catch.hpp>
#include <set>

#include "tests/cli/study.h"

namespace reticle::test {
namespace {

using Json = nlohmann::json;

void require_keys(const Json& object, const std::set<std::string>& keys) {
  REQUIRE(object.is_object());
  for (const std::string& key : keys) {
    INFO(key);
    CHECK(object.contains(key));
  }
}

double sum(const Json& object) {
  double total = 0;
  for (const auto& item : object.items()) {
    total += item.value().get<double>();
  }
  return total;
}

constexpr double kDigits = 1e-8;  // figures are printed to nine

Json printed(const std::vector<std::string>& typed) {
  const Workspace workspace(Store::kShared);
  const Outcome outcome = run(workspace, typed);
  CHECK(outcome.status == 0);
  CHECK(outcome.err.empty());
  return Json::parse(outcome.out);  // throws on anything beside the one object
}

void check_throughput(const Json& t, double sequences) {
  require_keys(
      t, {"ranks", "chips", "tokens_per_s", "tokens_per_s_per_chip", "tokens_per_s_per_rank",
          "step_time_ms", "tokens_per_step_per_sequence", "tpot_ms", "ttft_ms", "mfu", "parts"});
  CHECK(t.at("ttft_ms").is_null());  // a static batch has no first token
  const double step_s = t.at("step_time_ms").get<double>() * 1e-3;
  const double per_sequence = t.at("tokens_per_step_per_sequence");
  const double ranks = t.at("ranks");
  CHECK(t.at("tokens_per_s_per_rank").get<double>() ==
        Approx(sequences * per_sequence / step_s).epsilon(kDigits));
  CHECK(t.at("tokens_per_s").get<double>() ==
        Approx(sequences * per_sequence / step_s * ranks).epsilon(kDigits));
  CHECK(t.at("tokens_per_s_per_chip").get<double>() * t.at("chips").get<double>() ==
        Approx(t.at("tokens_per_s").get<double>()).epsilon(kDigits));
  CHECK(t.at("tpot_ms").get<double>() == Approx(step_s * 1e3 / per_sequence).epsilon(kDigits));
  CHECK(t.at("mfu") > 0);
  CHECK(t.at("mfu") < 1);
  require_keys(
      t.at("parts"),
      {"tokens_per_s_per_chip", "step_time_ms", "tpot_ms", "layer_time_us", "mla_tflops",
       "mla_share_of_allotted_peak", "mla_alone_tflops", "expert_gemm_tflops",
       "expert_gemm_share_of_allotted_peak", "expert_gemm_alone_tflops", "projections_alone_us",
       "dispatch_us", "combine_us", "dispatch_ep8_us", "combine_ep8_us", "host_ms", "power_w"});
  for (const auto& [name, part] : t.at("parts").items()) {
    INFO(name);
    require_keys(part, {"value", "unit", "published", "error_percent", "source"});
    CHECK(part.at("value") > 0);
    CHECK(part.at("published").is_null() == part.at("error_percent").is_null());
    if (!part.at("published").is_null()) {
      const double ratio = part.at("value").get<double>() / part.at("published").get<double>();
      CHECK(part.at("error_percent").get<double>() == Approx((ratio - 1) * 100).margin(1e-6));
      CHECK_FALSE(part.at("source").get<std::string>().empty());
    }
    if (name.find("share_of") != std::string::npos) {
      CHECK(part.at("value") < 1);
    }
  }
  for (const char* same : {"tokens_per_s_per_chip", "step_time_ms", "tpot_ms"}) {
    CHECK(t.at("parts").at(same).at("value") == t.at(same));
  }
}

void check_energy(const Json& energy, const Json& throughput) {
  for (const char* basis : {"chip", "wall"}) {
    const Json& e = energy.at(basis);
    require_keys(e, {"j_per_token", "avg_power_w", "by_component"});
    CHECK(sum(e.at("by_component")) == Approx(e.at("j_per_token").get<double>()).epsilon(kDigits));
    CHECK(e.at("avg_power_w").get<double>() ==
          Approx(e.at("j_per_token").get<double>() *
                 throughput.at("tokens_per_s_per_chip").get<double>())
              .epsilon(kDigits));
  }
  for (const auto& [name, value] : energy.at("chip").at("by_component").items()) {
    CHECK(energy.at("wall").at("by_component").at(name) == value);
  }
  require_keys(energy.at("wall").at("by_component"), {"hosts", "optics", "conversion", "facility"});
}

void check_cost(const Json& cost) {
  require_keys(cost, {"build", "price", "rental"});
  for (const auto& [name, basis] : cost.items()) {
    INFO(name);
    if (basis.is_null()) {
      continue;
    }
    const Json& q = basis.at("usd_per_million_tokens");
    CHECK(q.at("p5") > 0);
    CHECK(q.at("p5") <= q.at("p50"));
    CHECK(q.at("p50") <= q.at("p95"));
    CHECK(basis.at("breakdown").is_object());
    CHECK(basis.at("usd_per_chip_hour").at("p50") > 0);
    CHECK(basis.at("tornado").is_object());
  }
}

// Who is cheaper, how surely, and at which number the answer turns.
void check_comparisons(const Json& result) {
  require_keys(result, {"comparisons", "inversions"});
  std::set<std::string> bases;
  for (const Json& one : result.at("comparisons")) {
    CHECK(one.at("first") == "910c");
    CHECK(one.at("second") == "h800");
    CHECK(one.at("probability_first_cheaper") >= 0);
    CHECK(one.at("probability_first_cheaper") <= 1);
    CHECK(one.at("ratio").at("p5") <= one.at("ratio").at("p95"));
    bases.insert(one.at("basis"));
  }
  CHECK(bases == std::set<std::string>{"build", "price"});  // nobody rents out a 910C
  const Json& price = result.at("inversions").at(0);
  CHECK(price.at("input") == "chips.ascend-910c.package.price");
  CHECK(price.at("unit") == "USD");
  CHECK(price.at("now") == 21354);
  CHECK(price.at("value") > 0);
}

void check_bottlenecks(const Json& bottlenecks) {
  const std::set<std::string> known = {"tensor", "vector", "sfu",     "smem",   "l2",   "hbm",
                                       "noc",    "link",   "latency", "launch", "sync", "power"};
  double total = 0;
  double last = 1;
  for (const Json& one : bottlenecks) {
    CHECK(known.count(one.at("resource")) == 1);
    CHECK(one.at("share") <= last);
    last = one.at("share");
    total += last;
  }
  CHECK(total == Approx(1).epsilon(kDigits));
}

}  // namespace

TEST_CASE("kernel --json") {
  const Json json = printed({"kernel", "--chip", "h800-sxm", "--op", "gemm", "m=512", "n=1024",
                             "k=1024", "dtype=bfloat16", "--json"});
  require_keys(json, {"chip", "op", "shape", "fidelity", "time_us", "tflops", "hbm_gb_per_s",
                      "energy_mj", "power_w", "clock_mhz", "bound_by"});
  CHECK(json.at("chip") == "h800-sxm");
  CHECK(json.at("op") == "gemm");
  CHECK(json.at("fidelity") == "cycle");
  const double time_us = json.at("time_us");
  CHECK(json.at("tflops").get<double>() ==
        Approx(2.0 * 512 * 1024 * 1024 / time_us * 1e-6).epsilon(kDigits));
  CHECK(json.at("power_w").get<double>() ==
        Approx(json.at("energy_mj").get<double>() / time_us * 1e3).epsilon(kDigits));
}

TEST_CASE("collective --json") {
  const Json json = printed({"collective", "--system", "cloudmatrix384", "--op", "moe_dispatch",
                             "ranks=320", "tokens_per_rank=96", "hidden=7168", "topk=9",
                             "experts=320", "mode=low_latency", "dtype=int8", "--json"});
  require_keys(json, {"time_us", "algbw_gb_per_s", "busbw_gb_per_s", "bound_by"});
  CHECK(json.at("op") == "moe_dispatch");
  CHECK(json.at("time_us") > 0);
}

TEST_CASE("run --json") {
  const Workspace workspace(Store::kShared);
  const Json result = run_study(workspace);
  CHECK(result == Json::parse(read_file(workspace / "out/result.json")));
  require_keys(result, {"study", "seed", "fidelity", "model_version", "scenarios"});
  CHECK(result.at("seed") == 1);
  const Json ascend = scenario(result, "910c");
  const Json h800 = scenario(result, "h800");
  for (const Json& one : {ascend, h800}) {
    require_keys(one,
                 {"name", "throughput", "energy", "cost", "bottlenecks", "assumptions", "memory"});
    check_energy(one.at("energy"), one.at("throughput"));
    check_cost(one.at("cost"));
    check_bottlenecks(one.at("bottlenecks"));
    require_keys(one.at("carbon"), {"embodied", "operational", "hbm_included"});
    CHECK(one.at("carbon").at("operational").at("p50") > one.at("carbon").at("embodied").at("p50"));
    CHECK(sum(one.at("memory").at("parts_gb")) ==
          Approx(one.at("memory").at("used_gb").get<double>()).epsilon(kDigits));
    CHECK(one.at("memory").at("used_gb") < one.at("memory").at("capacity_gb"));
  }
  check_comparisons(result);
  check_throughput(ascend.at("throughput"), 48);
  check_throughput(h800.at("throughput"), 128);
  CHECK(ascend.at("throughput").at("ranks") == 320);  // dies
  CHECK(ascend.at("throughput").at("chips") == 160);  // packages
  CHECK(h800.at("throughput").at("ranks") == 128);
  CHECK(h800.at("throughput").at("chips") == 128);
  CHECK(ascend.at("throughput").at("tokens_per_step_per_sequence") == 1.7);
  CHECK(h800.at("throughput").at("tokens_per_step_per_sequence") == 1);
  CHECK(ascend.at("cost").at("rental").is_null());  // nobody publishes a rent
  CHECK_FALSE(h800.at("cost").at("rental").is_null());
}

TEST_CASE("run prints the answer, parts beside what is published") {
  const Workspace workspace(Store::kShared);
  const Json result = run_study(workspace);
  const Outcome table =
      run(workspace, {"run", shipped_study(), "--out", (workspace / "out").string()});
  CHECK(table.status == 0);
  CHECK_THAT(table.out, Catch::Contains("910c: 320 ranks on 160 packages"));
  CHECK_THAT(table.out, Catch::Contains("h800: 128 ranks on 128 packages"));
  CHECK_THAT(table.out,
             Catch::Matches("[^]*tokens_per_s_per_chip +[0-9.]+ +1/s +1943 +[-+][0-9.]+ %[^]*"));
  CHECK_THAT(table.out,
             Catch::Matches("[^]*tokens_per_s_per_chip +[0-9.]+ +1/s +2325 +[-+][0-9.]+ %[^]*"));
  CHECK_THAT(table.out, Catch::Matches("[^]*USD per million tokens +build +price +rental[^]*"));
  CHECK_THAT(table.out, Catch::Contains("no inputs"));
  CHECK_THAT(table.out, Catch::Contains("910c than h800"));
  CHECK_THAT(table.out,
             Catch::Contains("TPOT, ms  J/token") && !Catch::Contains("TTFT"));  // decode
  CHECK_THAT(table.out,
             Catch::Contains("910c_price_equal_to_h800: chips.ascend-910c.package.price"));
  CHECK_THAT(table.out, Catch::Contains("kg CO2e per million tokens: operational "));
  CHECK_THAT(table.out, Catch::Contains("Written to " + (workspace / "out").string() + "\n"));
}

}  // namespace reticle::test
