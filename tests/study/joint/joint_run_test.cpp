#include "models/kernels/joint_run.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "models/chips/family.h"
#include "models/kernels/demand.h"
#include "models/kernels/fast_model.h"
#include "models/kernels/kernel_key.h"
#include "models/kernels/kernel_runs.h"
#include "schema/config/assign.h"
#include "schema/config/catalog.h"
#include "study/run/transfer_task.h"

using namespace reticle;
using namespace reticle::kernels;

namespace {

constexpr double kTolerance = 0.10;

struct Part {
  std::string op;
  std::vector<config::Assignment> values;
  std::int64_t matrix;
  std::int64_t vector;
};

struct KernelPair {
  std::string name;
  std::string chip;
  Part first;
  Part second;
};

// Kernels that run beside each other on parts of a chip: in DeepSeek's decode, in its dispatch and
// in training.
std::vector<KernelPair> pairs() {
  const std::string die = "ascend-910c-die";
  const std::string h800 = "h800-sxm";
  const auto gemm = [](const char* m, const char* n, const char* k, const char* dtype) {
    return std::vector<config::Assignment>{{"m", m}, {"n", n}, {"k", k}, {"dtype", dtype}};
  };
  const auto copy = [](const char* bytes) {
    return std::vector<config::Assignment>{{"bytes", bytes}};
  };
  const auto experts = [](const char* groups, const char* m, const char* n, const char* k,
                          const char* dtype) {
    return std::vector<config::Assignment>{
        {"groups", groups}, {"m", m}, {"n", n}, {"k", k}, {"dtype", dtype}};
  };
  const auto mla = [](const char* batch, const char* kv) {
    return std::vector<config::Assignment>{
        {"batch_size", batch}, {"kv_len", kv}, {"num_heads", "128"}};
  };
  return {
      {"MLA on 16 AIC, expert GEMM on 8",
       die,
       {"mla_decode", mla("32", "2048"), 16, 32},
       {"grouped_gemm", experts("2", "192", "4096", "7168", "int8"), 8, 16}},
      {"expert GEMM on 16 AIC, rmsnorm on 16 AIV",
       die,
       {"grouped_gemm", experts("2", "192", "4096", "7168", "int8"), 16, 32},
       {"rmsnorm", {{"m", "4096"}, {"n", "7168"}}, 8, 16}},
      {"GEMM on 16 AIC, copy on 16 AIV",
       die,
       {"gemm", gemm("1024", "4096", "2048", "bfloat16"), 16, 32},
       {"copy", copy("67108864"), 8, 16}},
      {"GEMM of few rows on 12 AIC, again on 12",
       die,
       {"gemm", gemm("32", "7168", "4096", "bfloat16"), 12, 24},
       {"gemm", gemm("32", "7168", "2048", "bfloat16"), 12, 24}},
      {"GEMM on 112 SMs, dispatch's copy on 20",
       h800,
       {"gemm", gemm("2048", "4096", "4096", "bfloat16"), 112, 112},
       {"copy", copy("33554432"), 20, 20}},
      {"MLA on 66 SMs, expert GEMM on 66",
       h800,
       {"mla_decode", mla("32", "2048"), 66, 66},
       {"grouped_gemm", experts("8", "96", "4096", "7168", "fp8"), 66, 66}},
      {"GEMM of few rows on 66 SMs, again on 66",
       h800,
       {"gemm", gemm("16", "16384", "4096", "bfloat16"), 66, 66},
       {"gemm", gemm("16", "8192", "4096", "bfloat16"), 66, 66}},
      {"GEMM on 100 SMs, rmsnorm on 32",
       h800,
       {"gemm", gemm("2048", "4096", "4096", "bfloat16"), 100, 100},
       {"rmsnorm", {{"m", "4096"}, {"n", "7168"}}, 32, 32}},
  };
}

Cores cores_of(const Part& part) {
  Cores cores;
  cores.set_matrix(part.matrix);
  cores.set_vector(part.vector);
  return cores;
}

struct Ends {
  std::vector<double> alone;
  std::vector<double> shared;  // by their demand vectors
  std::vector<double> joint;   // tile by tile
};

// A chip, elaborated: before the first run of any.
struct Bench {
  explicit Bench(const std::string& name)
      : chip(config::Catalog(RETICLE_SOURCE_DIR "/configs").chip(name).message),
        software(config::Catalog(RETICLE_SOURCE_DIR "/configs").software(chip.software()).message),
        machine(name, chips::machine_spec(chip, chip.clock())) {}
  Chip chip;
  Software software;
  chips::Machine machine;
};

// The kernel of an operator that multiplies, or its only one.
Work main_work(const Operator& op, const L2State& l2, const Target& target) {
  const std::vector<KernelRun> runs = kernel_runs(op, l2, target);
  return std::max_element(runs.begin(), runs.end(),
                          [](const KernelRun& a, const KernelRun& b) {
                            return a.work.operations < b.work.operations;
                          })
      ->work;
}

Ends ends_of(const KernelPair& pair, Bench& bench) {
  L2State cold;
  cold.set_start(L2_START_COLD);
  std::vector<chips::StreamTask> tasks;
  std::vector<PlacedProgram> programs;
  Ends ends;
  for (const Part* part : {&pair.first, &pair.second}) {
    Operator op;
    config::assign(config::select_op(op, part->op), part->values);
    const Cores cores = cores_of(*part);
    const Target target{bench.chip, bench.software.kernels(), cores, bench.chip.clock()};
    programs.push_back({map(main_work(op, cold, target), target), cores});
    const KernelKey key = make_key(bench.chip, bench.software, op, cores, cold, FIDELITY_CYCLE);
    DemandVector demand =
        demand_of(programs.back().program, bench.machine.run(programs.back().program, {}), key);
    FastModel fast(bench.chip);
    take_response(demand, fast.run_with_response(op, cores, cold, bench.software.kernels(),
                                                 bench.chip.clock()));
    chips::StreamTask task;
    task.stream = tasks.size();
    study::add_kernel(
        task, demand,
        static_cast<double>(cores.matrix()) / static_cast<double>(all_cores(bench.chip).matrix()));
    tasks.push_back(task);
    ends.alone.push_back(static_cast<double>(demand.time_ps()));
  }
  for (const chips::TaskSpan& span : chips::run_streams(tasks, study::shared_kinds())) {
    ends.shared.push_back(static_cast<double>(span.end));
  }
  for (const engine::Ps end : joint_run(bench.machine, bench.chip, programs)) {
    ends.joint.push_back(static_cast<double>(end));
  }
  return ends;
}

// Both end when the joint run says, and both are done then. `tolerance`: of the one that ends
// first, where it is known to miss (docs/engine.md).
void check(const KernelPair& pair, double tolerance = kTolerance) {
  INFO(pair.name);
  Bench bench(pair.chip);
  const Ends ends = ends_of(pair, bench);
  const auto last = [](const std::vector<double>& of) { return std::max(of[0], of[1]); };
  CHECK(last(ends.shared) == Approx(last(ends.joint)).epsilon(kTolerance));
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(ends.shared[i] >= ends.alone[i]);
    CHECK(ends.joint[i] >= 0.99 * ends.alone[i]);
    CHECK(ends.shared[i] == Approx(ends.joint[i]).epsilon(tolerance));
  }
}

}  // namespace

TEST_CASE("sharing of demand vectors agrees with a joint run: attention beside experts, 910C") {
  check(pairs()[0], 0.15);
}
TEST_CASE("sharing agrees with a joint run: experts beside a norm, 910C") { check(pairs()[1]); }
TEST_CASE("sharing agrees with a joint run: GEMM beside a copy, 910C") { check(pairs()[2]); }
TEST_CASE("sharing agrees with a joint run: both want HBM, 910C") { check(pairs()[3]); }
TEST_CASE("sharing agrees with a joint run: GEMM beside dispatch, H800") {
  check(pairs()[4], 0.26);
}
TEST_CASE("sharing agrees with a joint run: attention beside experts, H800") { check(pairs()[5]); }
TEST_CASE("sharing agrees with a joint run: both want HBM, H800") { check(pairs()[6]); }
TEST_CASE("sharing agrees with a joint run: GEMM beside a norm, H800") { check(pairs()[7], 0.24); }

// The table of docs/engine.md.
TEST_CASE("concurrent kernels, shared against joint", "[.report]") {
  Bench die("ascend-910c-die");
  Bench h800("h800-sxm");
  for (const KernelPair& pair : pairs()) {
    const Ends ends = ends_of(pair, pair.chip == "h800-sxm" ? h800 : die);
    std::printf("| %s |", pair.name.c_str());
    for (std::size_t i = 0; i < 2; ++i) {
      std::printf(" %.1f | %.1f | %.1f (%+.1f %%) |", ends.alone[i] * 1e-6, ends.joint[i] * 1e-6,
                  ends.shared[i] * 1e-6, 100 * (ends.shared[i] / ends.joint[i] - 1));
      CHECK(ends.joint[i] > 0);
    }
    std::printf("\n");
  }
}
