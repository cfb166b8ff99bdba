#include <benchmark/benchmark.h>

#include "study/cost/cost_study.h"

namespace reticle {
namespace {

// Draws of everything uncertain of a CloudMatrix384, from the wafer to an hour in service.
void draw_costs(benchmark::State& state) {
  config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
  const study::CostSubject subject = study::load_subject(catalog, {"cloudmatrix384", "", "", {}});
  study::CostOptions options;
  options.draws = static_cast<uint32_t>(state.range(0));
  options.sensitivity = false;
  for (auto _ : state) {
    benchmark::DoNotOptimize(study::cost_report(subject, options).draws());
  }
  state.SetItemsProcessed(state.range(0) * state.iterations());
}
BENCHMARK(draw_costs)->Arg(100000)->Unit(benchmark::kMillisecond);  // goal: in 1 s

void sobol_indices(benchmark::State& state) {
  config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
  const study::CostSubject subject = study::load_subject(catalog, {"cloudmatrix384", "", "", {}});
  study::CostOptions options;
  options.draws = 100;
  for (auto _ : state) {
    benchmark::DoNotOptimize(study::cost_report(subject, options).sensitivity_size());
  }
}
BENCHMARK(sobol_indices)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace reticle
