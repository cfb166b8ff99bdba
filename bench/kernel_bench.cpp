#include <benchmark/benchmark.h>

#include <memory>

#include "bench/benches.h"
#include "models/kernels/kernel_key.h"
#include "models/kernels/kernel_model.h"
#include "schema/config/assign.h"
#include "schema/config/catalog.h"

namespace reticle::bench {

namespace {

struct Bench {
  Bench(const std::string& name, const Chip& chip) : model(name, chip) {}
  kernels::KernelModel model;
  KernelKey key;
};

// A GEMM of DeepSeek-V3's size on a whole chip.
std::shared_ptr<Bench> make(const std::string& name, const std::string& dtype) {
  const config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
  const Chip chip = catalog.chip(name).message;
  Operator op;
  config::assign(config::select_op(op, "gemm"),
                 {{"m", "4096"}, {"n", "7168"}, {"k", "2048"}, {"dtype", dtype}});
  L2State l2;
  l2.set_start(L2_START_COLD);
  const auto bench = std::make_shared<Bench>(name, chip);
  bench->key = kernels::make_key(chip, catalog.software(chip.software()).message, op,
                                 kernels::all_cores(chip), l2, FIDELITY_CYCLE);
  return bench;
}

// Items are simulated events: what the whole model costs beside the bare engine.
void add(const std::string& name, const std::shared_ptr<Bench>& bench) {
  benchmark::RegisterBenchmark(name.c_str(), [bench](benchmark::State& state) {
    std::uint64_t events = 0;
    for (auto _ : state) {
      events += bench->model.run(bench->key).events();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(events));
    state.counters["events_per_kernel"] =
        benchmark::Counter(static_cast<double>(events), benchmark::Counter::kAvgIterations);
  })->Unit(benchmark::kMillisecond);
}

}  // namespace

void register_kernels() {
  add("kernel_gemm_h800", make("h800-sxm", "fp8_block"));
  add("kernel_gemm_910c_die", make("ascend-910c-die", "int8"));
}

}  // namespace reticle::bench
