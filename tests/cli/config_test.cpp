// Status 3: a config that is wrong, with the place and how to mend it.
#include <catch2/catch.hpp>

#include "tests/cli/configs.h"

namespace reticle::test {
namespace {

const std::string kStudies = "studies/910c-vs-h800-decode.yaml";

// Of a place "FILE:LINE:COL": the number of the line above.
std::string line_before(const std::string& at) {
  const std::size_t column = at.rfind(':');
  const std::size_t line = at.rfind(':', column - 1) + 1;
  return std::to_string(std::stoi(at.substr(line, column - line)) - 1);
}

}  // namespace

TEST_CASE("an unknown key in a study and in a chip, with the nearest") {
  Configs configs;
  const std::string study = configs.replace(kStudies, "ranks: 128", "rnks: 128");
  configs.require_refused(
      study +
      ": unknown key `rnks` in `scenarios.h800` (did you mean `ranks`? keys: "
      "title, system, model, software, phase, "
      "ranks, sequences_per_rank, cached_tokens, prompt_tokens, micro_batches, "
      "routing, imbalance, mtp, experts, attention_cores, moe_cores, precision, "
      "site, published, eplb, per_rank, faults, spare_ranks)");
  configs.replace(kStudies, "rnks: 128", "ranks: 128");
  const std::string chip =
      configs.replace("chips/h100-sxm.yaml", "  data_rate:", "  data_rat:", "data_rat:");
  configs.require_refused(
      chip +
      ": unknown key `data_rat` in `hbm` (did you mean `data_rate`? keys: stacks, "
      "channels_per_stack, "
      "channel_width, data_rate, service_fraction, latency, capacity, interleave, timing)");
}

TEST_CASE("a bare number, the wrong unit, a value out of range") {
  const std::string units =
      "(units: b/s, kb/s, Mb/s, Gb/s, Tb/s, bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s)";
  Configs configs;
  std::string at = configs.replace("chips/h100-sxm.yaml", "5.24 Gb/s", "5.24");
  configs.require_refused(at + ": `data_rate`: `5.24` has no unit " + units);
  configs.replace("chips/h100-sxm.yaml", "value: 5.24", "value: 5.24 GHz");
  configs.require_refused(at + ": `data_rate`: `5.24 GHz`: unit `GHz` does not fit " + units);
  configs.replace("chips/h100-sxm.yaml", "5.24 GHz", "5.24 Gb/s");
  at = configs.replace(kStudies, "micro_batches: 2", "micro_batches: 3", "3");
  configs.require_refused(at + ": `micro_batches`: `3` is out of range (1 to 2)");
}

TEST_CASE("a key given twice, an alias, a second document") {
  const std::string twice = "    ranks: 128\n    ranks: 128\n";
  Configs configs;
  std::string at = configs.replace(kStudies, "    ranks: 128\n", twice, "ranks: 128\n    seq");
  configs.require_refused(at + ": key `ranks` is given twice (first in line " + line_before(at) +
                          ")");
  configs.replace(kStudies, twice, "    ranks: &r 128\n");
  configs.replace(kStudies, "sequences_per_rank: 128", "sequences_per_rank: *r");
  at = configs.replace(kStudies, "&r 128", "&r 128");
  configs.require_refused(at +
                          ": anchors and aliases are not used in configs (write the value out, "
                          "or inherit with `base:`)");
  configs.replace(kStudies, "*r", "128");
  configs.replace(kStudies, "&r 128", "128");
  at = configs.replace(kStudies, "question:", "question: none\n---\nquestion:", "---");
  configs.require_refused(at + ": a second document (a config is one document: no `---`)");
}

TEST_CASE("a cycle of bases") {
  Configs configs;
  const std::string text = read_file(configs.path("chips/h100-sxm.yaml"));
  const std::string at =
      configs.replace("chips/h100-sxm.yaml", text, "base: h800-sxm\n" + text, "h800-sxm");
  configs.require_refused(at + ": the bases form a cycle (h800-sxm -> h100-sxm -> h800-sxm)");
}

TEST_CASE("expert slots that do not fit, in a file and in --set") {
  Configs configs;
  const std::string slots = configs.path(kStudies) + ":29:23";
  configs.require_refused(
      slots +
          ": 320 ranks x 1 slots a rank = 320 expert slots, but 256 routed + 31 "
          "redundant + 32 shared = 319 (both sides must be equal)",
      {"scenarios.910c.experts.redundant=31"});
  const std::string at =
      configs.replace(kStudies, "{slots_per_rank: 2}", "{slots_per_rank: 3}", "3}");
  configs.require_refused(at +
                          ": 128 ranks x 3 slots a rank = 384 expert slots, but 256 routed + 0 "
                          "redundant + 0 shared = 256 (both sides must be equal)");
}

TEST_CASE("a model that does not fit in memory is refused with the sums") {
  Configs configs;
  configs.require_refused(
      "--set scenarios.h800.sequences_per_rank: 256 sequences do not fit in memory: attention "
      "12.44 "
      "GB + dense_ffn 1.19 GB + router 0.21 GB + expert_slots 5.11 GB + shared_expert 2.55 GB + "
      "embedding 1.85 GB + head 1.85 GB + kv_cache 73.69 GB + reserved 4.00 GB = 102.90 GB of "
      "80.00 "
      "GB (at most 176 fit)",
      {"scenarios.h800.sequences_per_rank=256"});
}

TEST_CASE("parts of a study that do not fit each other") {
  Configs configs;
  configs.require_refused(
      "--set scenarios.h800.ranks: ranks=100: not a multiple of the 8 ranks of a node",
      {"scenarios.h800.ranks=100"});
  configs.require_refused(
      "--set scenarios.h800.sequences_per_rank: 127 sequences do not split into 2 micro-batches",
      {"scenarios.h800.sequences_per_rank=127"});
  const std::string at = configs.replace(kStudies, "matrix: 16", "matrix: 17", "17");
  configs.require_refused(at + ": core partition 25/48 (matrix/vector) exceeds the chip's 24/48");
}

TEST_CASE("a --set with an unknown key, unit, name or meaning") {
  Configs configs;
  const std::string rate = "chips.ascend-910c-die.hbm.data_rate";
  configs.require_refused(
      "--set chips.ascend-910c-die.hbm.data_rat: unknown key `data_rat` (did you "
      "mean `data_rate`? keys: stacks, channels_per_stack, channel_width, "
      "data_rate, service_fraction, latency, capacity, interleave, timing)",
      {"chips.ascend-910c-die.hbm.data_rat=5 Gb/s"});
  configs.require_refused("--set " + rate +
                              ": `data_rate`: `5` has no unit (units: b/s, kb/s, Mb/s, Gb/s, Tb/s, "
                              "bit/s, kbit/s, Mbit/s, Gbit/s, Tbit/s)",
                          {rate + "=5"});
  configs.require_refused(
      "--set chip.hbm.data_rate: which chip is meant? (in use: "
      "chips.ascend-910c, chips.ascend-910c-die, chips.h100-sxm, "
      "chips.h800-sxm)",
      {"chip.hbm.data_rate=5 Gb/s"});
  configs.require_refused(
      "--set chips.ascend-910b4.clock: nothing here uses chip `ascend-910b4` (in use: "
      "chips.ascend-910c, chips.ascend-910c-die, chips.h100-sxm, "
      "chips.h800-sxm)",
      {"chips.ascend-910b4.clock=1.5 GHz"});
  configs.require_refused(
      "--set scenarios.b200.ranks: `scenarios` has no `b200` (there are: 910c, h800)",
      {"scenarios.b200.ranks=8"});
}

TEST_CASE("published figures that no part of the answer matches") {
  Configs configs;
  const std::string figure = "tokens_per_s_per_chip: {value: 2325, unit: 1/s}";
  std::string at = configs.replace(kStudies, figure, "tpot: {value: 2325, unit: 1/s}", "2325");
  configs.require_refused(
      at +
      ": no part `tpot` to compare with (parts: tokens_per_s_per_chip, step_time_ms, tpot_ms, "
      "ttft_ms, layer_time_us, mla_tflops, mla_share_of_allotted_peak, mla_alone_tflops, "
      "expert_gemm_tflops, expert_gemm_share_of_allotted_peak, expert_gemm_alone_tflops, "
      "projections_alone_us, dispatch_us, combine_us, dispatch_ep8_us, combine_ep8_us, host_ms, "
      "power_w)");
  at = configs.replace(kStudies, "tpot: {value: 2325", "tpot_ms: {value: 2325", "2325");
  configs.require_refused(at + ": part `tpot_ms` is in ms, not 1/s");
}

}  // namespace reticle::test
