// Status 2: what was typed is wrong, or not there yet. Exact texts, since scripts and people read
// them.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/cli/study.h"

namespace reticle::test {
namespace {

constexpr int kUsage = 2;
constexpr int kInput = 4;
const std::string kCommands =
    "commands: run, explain, kernel, collective, cost, supply, claim, trace, list, docs, validate, "
    "sweep, "
    "report, compare)\n";
const std::string kChips =
    "there are: a100-sxm-80gb, ascend-910b2, ascend-910b3, ascend-910b4, ascend-910c, "
    "ascend-910c-die, ascend-910c-worked-bill, b200-sxm, cambricon-mlu590, gb200, h100-sxm, h20, "
    "h200-sxm, h800-sxm, l40s, "
    "metax-c500)\n";

struct Wrong {
  std::vector<std::string> typed;
  std::string message;  // after "reticle: "
};

void require_refused(const std::vector<Wrong>& all) {
  const Workspace workspace;
  for (const Wrong& wrong : all) {
    const Outcome outcome = run(workspace, wrong.typed);
    INFO(wrong.message);
    CHECK(outcome.status == kUsage);
    CHECK(outcome.err == "reticle: " + wrong.message);
    CHECK(outcome.out.empty());
  }
}

std::vector<std::string> kernel(const std::vector<std::string>& more) {
  std::vector<std::string> words = {"kernel", "--chip", "h800-sxm"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// The names of configs/systems as messages list them.
std::string systems() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(source("configs/systems"))) {
    names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  std::string out;
  for (const std::string& name : names) {
    out += (out.empty() ? "" : ", ") + name;
  }
  return out;
}

std::vector<std::string> collective(const std::vector<std::string>& more) {
  std::vector<std::string> words = {"collective", "--system", "hgx-h800"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

TEST_CASE("unknown commands and options are named, with what there is") {
  require_refused({
      {{}, "a command is missing (" + kCommands},
      {{"runn", "x"}, "unknown command `runn` (did you mean `run`? " + kCommands},
      {{"frobnicate"}, "unknown command `frobnicate` (" + kCommands},
      {{"--frob"}, "unknown option `--frob` (" + kCommands},
  });
  const Workspace workspace;
  const Outcome option = run(workspace, {"run", shipped_study(), "--frob"});
  CHECK(option.status == kUsage);
  CHECK_THAT(option.err, Catch::Contains("--frob"));
  const Outcome number = run(workspace, {"run", shipped_study(), "--seed", "abc"});
  CHECK(number.status == kUsage);
  CHECK_THAT(number.err, Catch::Contains("--seed"));
  CHECK(run(workspace, {"run"}).status == kUsage);
  CHECK(run(workspace, {"kernel", "--op", "gemm"}).status == kUsage);
  CHECK(run(workspace, {"list", "planets"}).status == kUsage);
  CHECK(run(workspace, {"docs", "everything"}).status == kUsage);
}

TEST_CASE("names that are not there: chip, system, stack, op, key, value, file") {
  require_refused({
      {{"kernel", "--chip", "h800-smx", "--op", "gemm"},
       "no chip `h800-smx` (did you mean `h800-sxm`? " + kChips},
      {{"collective", "--system", "nope", "--op", "all_reduce"},
       "no system `nope` (there are: " + systems() + ")\n"},
      {kernel({"--op", "gemm", "m=1", "n=1", "k=1", "dtype=int8", "--software", "nope"}),
       "no software `nope` (there are: cann-amla, cann-cm384, cann-eager, cann-prefill, "
       "cuda-ampere, "
       "cuda-blackwell, cuda-hopper, deepseek-profile, deepseek-training, sglang)\n"},
      {kernel({"--op", "gem"}),
       "unknown op `gem` (did you mean `gemm`? ops: gemm, batched_gemm, grouped_gemm, moe, "
       "attention_prefill, attention_decode, mla_decode, mla_prefill, rmsnorm, swiglu, rope, "
       "quantize, topk, copy, permute, unpermute, softmax)\n"},
      {kernel({}), "give --op OP (reticle list ops) or --batch IN.csv\n"},
      {collective({}), "give --op OP (reticle list ops) or --batch IN.csv\n"},
      {kernel({"--op", "rmsnorm", "m=1", "n=1", "--out", "x.csv"}),
       "--out is for --batch (the result of one operator goes to standard output)\n"},
      {kernel({"--op", "gemm", "m=1"}),
       "missing n, k, dtype (keys: m, n, k, dtype, quantize_a, out_dtype, accumulate)\n"},
      {kernel({"--op", "gemm", "mm=1", "n=1", "k=1", "dtype=int8"}),
       "unknown key `mm` (did you mean `m`? keys: m, n, k, dtype, quantize_a, out_dtype, "
       "accumulate)\n"},
      {kernel({"--op", "gemm", "m=1", "m=2", "n=1", "k=1", "dtype=int8"}),
       "key `m` is given twice\n"},
      {kernel({"--op", "gemm", "m=0", "n=1", "k=1", "dtype=int8"}),
       "`m`: `0` is out of range (at least 1)\n"},
      {kernel({"--op", "gemm", "m"}), "`m`: not key=value\n"},
      {kernel({"--op", "gemm", "m=1", "n=1", "k=1", "dtype=bfloat"}),
       "`dtype`: `bfloat` is not one of its values (did you mean `bfloat16`? values: bfloat16, "
       "float16, fp8, fp8_block, int8, int4, nvfp4, mxfp4, float32)\n"},
      {kernel({"--op", "rmsnorm", "m=1", "n=1", "--l2", "warm"}),
       "--l2 warm: no such state (bench, cold, flushed)\n"},
      {{"run", "nope.yaml"}, "nope.yaml: no such file (reticle list studies)\n"},
      {{"run", source("docs")}, source("docs/study.yaml: no such file (reticle list studies)\n")},
      {{"trace", "info", "nope.rtrace"}, "nope.rtrace: no such file\n"},
      {kernel({"--batch", "nope.csv", "--out", "o.csv", "--op", "gemm"}), "cannot read nope.csv\n"},
      {{"run", shipped_study(), "--set", "scenarios.h800.system=hgx-h80o"},
       "no system `hgx-h80o` (did you mean `hgx-h800`? there are: " + systems() + ")\n"},
  });
}

TEST_CASE("a --set that is no PATH=VALUE") {
  require_refused({
      {{"run", shipped_study(), "--set", "foo"},
       "--set foo: write PATH=VALUE, for instance chips.NAME.clock='1.8 GHz'\n"},
      {{"run", shipped_study(), "--set", "=3"},
       "--set =3: write PATH=VALUE, for instance chips.NAME.clock='1.8 GHz'\n"},
  });
}

TEST_CASE("shapes that no memory holds, and packages, have no kernels") {
  require_refused({
      {kernel({"--op", "gemm", "m=9223372036854775807", "n=1000", "k=1000", "dtype=bfloat16"}),
       "the product of the sizes in m=9223372036854775807 n=1000 k=1000 dtype=bfloat16 "
       "out_dtype=bfloat16 is more than 64 bits count\n"},
      {kernel({"--op", "gemm", "m=9000000000000", "n=1000", "k=1000", "dtype=bfloat16"}),
       "the operands take 3.6e+07 GB of the 80 GB of h800-sxm\n"},
      {{"kernel", "--chip", "ascend-910c", "--op", "rmsnorm", "m=1", "n=1"},
       "chip ascend-910c is a package of 2 dies and kernels run on a die: name the die's config\n"},
      {collective({"--op", "all_reduce", "ranks=12", "bytes=1024"}),
       "ranks=12: not a multiple of the 8 ranks of a node\n"},
      {collective({"--op", "all_reduce", "ranks=264", "bytes=1024"}),
       "ranks=264: system `hgx-h800` has 256 (32 nodes x 8 packages x 1 ranks)\n"},
  });
}

TEST_CASE("a chip of which only peaks are known is refused at cycle") {
  for (const std::string chip : {"cambricon-mlu590", "metax-c500"}) {
    require_refused({{{"kernel", "--chip", chip, "--op", "gemm", "m=1", "n=1", "k=1"},
                      "chip " + chip +
                          " has no published microarchitecture, only peaks: cycle cannot simulate "
                          "it (--fidelity fast gives its roofline)\n"}});
  }
}

TEST_CASE("what is postponed says so") {
  for (const std::string command : {"sweep", "report", "compare"}) {
    require_refused({{{command}, command + ": not yet\n"},
                     {{command, "h800-sxm", "--json"}, command + ": not yet\n"}});
  }
  const std::vector<std::string> gemm = {"--op", "gemm", "m=1", "n=1", "k=1"};
  std::vector<std::string> fast = kernel(gemm);
  fast.insert(fast.end(), {"dtype=bfloat16", "--fidelity", "fast", "--statistics"});
  std::vector<std::string> int4 = kernel(gemm);
  int4.emplace_back("dtype=int4");
  require_refused({
      {{"run", shipped_study(), "--fidelity", "slow"},
       "--fidelity slow: no such fidelity (cycle, fast)\n"},
      {fast, "--statistics watches the simulation at --fidelity cycle; fast has none\n"},
      {int4, "tensor_gpu: the tensor core has no rate for int4\n"},
      {collective({"--op", "all_gather", "ranks=8", "bytes=1024", "placement=spread"}),
       "placement=spread: not packed, packages or nodes\n"},
      {{"collective", "--system", "cloudmatrix384", "--op", "moe_dispatch", "ranks=32",
        "tokens_per_rank=128", "hidden=7168", "topk=8", "experts=256", "mode=normal", "dtype=int8"},
       "mode=normal: this software has no such mode; use mode=low_latency\n"},
      {{"trace", "replay", "train.json", "--system", "hgx-h800"}, "train.json: no such file\n"},
  });
}

TEST_CASE("a file that is no trace is refused") {
  const Workspace workspace;
  const std::string file = workspace.file("notes.txt", "nonsense");
  for (const std::vector<std::string>& typed : std::vector<std::vector<std::string>>{
           {"trace", "info", file}, {"trace", "convert", file, (workspace / "o").string()}}) {
    const Outcome outcome = run(workspace, typed);
    CHECK(outcome.status == kInput);
    CHECK(outcome.err == "reticle: " + file +
                             ": no trace that Reticle reads (.rtrace, Chrome or Kineto JSON, plain "
                             "or gzip, Perfetto protobuf, a directory of Chakra .et files)\n");
  }
}

}  // namespace reticle::test
