#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "study/trace/recorded_replay.h"
#include "workloads/traces/kineto_reader.h"

namespace reticle {
namespace {

constexpr int kLaunches = 333333;  // of three events each: operator, call, kernel

// A profile of a million events as Kineto writes them, 290 bytes each.
const std::filesystem::path& million_events() {
  static const std::filesystem::path kFile = [] {
    const auto path = std::filesystem::temp_directory_path() / "reticle-bench-kineto.json";
    std::ofstream out(path);
    out << R"({"traceEvents":[{"ph":"M","name":"process_labels","pid":0,"args":{"labels":"GPU 0"}})";
    for (int i = 0; i < kLaunches; ++i) {
      const std::string at = std::to_string(1740461679471346 + 10LL * i);
      const std::string id = std::to_string(i + 1);
      out << ",\n"
             R"({"ph":"X","cat":"cpu_op","name":"aten::linear","pid":1166,"tid":1166,"ts":)"
          << at << R"(.123,"dur":4,"args":{"External id":)" << id << R"(,"Ev Idx":)" << id << "}}"
          << ",\n"
             R"({"ph":"X","cat":"cuda_runtime","name":"cudaLaunchKernel","pid":1166,"tid":1166,"ts":)"
          << at << R"(.223,"dur":3,"args":{"cbid":147,"correlation":)" << id << "}}"
          << ",\n"
             R"({"ph":"X","cat":"kernel","name":"void at::native::vectorized_elementwise_kernel<4, )"
          << R"(at::native::CUDAFunctor_add<c10::BFloat16>, at::detail::Array<char*, 3> >","pid":0,)"
          << R"("tid":7,"ts":)" << at
          << R"(.523,"dur":8.5,"args":{"queued":0,"device":0,"context":1,)"
          << R"("stream":7,"correlation":)" << id
          << R"(,"registers per thread":31,"shared memory":0,)"
          << R"("blocks per SM":31.03,"warps per SM":124.12,"grid":[4096,1,1],"block":[128,1,1]}})";
    }
    out << "]}\n";
    return path;
  }();
  return kFile;
}

void read_kineto(benchmark::State& state) {
  const auto bytes = std::filesystem::file_size(million_events());
  for (auto _ : state) {
    benchmark::DoNotOptimize(traces::read_kineto(million_events()).slices.size());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
}
BENCHMARK(read_kineto)->Unit(benchmark::kMillisecond);  // goal: a million events in 3 s

void replay_recorded(benchmark::State& state) {
  const traces::Recording recording = traces::read_kineto(million_events());
  for (auto _ : state) {
    const traces::LaunchGraph graph = traces::launch_graph(recording);
    benchmark::DoNotOptimize(study::replay_recorded(recording, graph).simulated_ps);
  }
}
BENCHMARK(replay_recorded)->Unit(benchmark::kMillisecond);  // goal: in 5 s

}  // namespace
}  // namespace reticle
