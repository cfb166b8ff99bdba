#pragma once

#include <filesystem>
#include <string>

#include "schema/errors.h"
#include "tests/support/folder.h"

namespace reticle::config::test {

using reticle::test::Folder;

// The text of the reticle::Error that `call` throws, "" if none, with the folder's name cut out.
template <class Call>
std::string error_of(Call call, const std::string& folder = "") {
  try {
    call();
  } catch (const Error& error) {
    std::string text = error.what();
    for (std::size_t at = text.find(folder + "/"); !folder.empty() && at != std::string::npos;
         at = text.find(folder + "/")) {
      text.erase(at, folder.size() + 1);
    }
    return text;
  }
  return "";
}

template <class Call>
int status_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.exit_status();
  }
  return 0;
}

// A small chip; line and column of its keys are known to the tests.
inline constexpr const char* kChip = R"(grade: A
source: data sheet
family: davinci
clock: 1.8 GHz
l2: {capacity: 192 MiB, latency: 120 ns, read_bandwidth: 5 kB/clk, write_bandwidth: 2 kB/clk}
hbm:
  stacks: 4
  channels_per_stack: 16
  channel_width: 64
  data_rate: {value: 3.2 Gb/s, grade: C, source: guess, low: 3 Gb/s, high: 3.6 Gb/s}
  service_fraction: 0.9
  latency: 600 ns
  capacity: 64 GB
  interleave: 512 B
energy:
  source: paper
  grade: B-
  matrix: {int8: {op: 0.2 pJ/op}, bfloat16: {op: 0.45 pJ/FLOP}}
  vector_op: 2 pJ/op
  local_byte: 0.15 pJ/bit
  l2_byte: 10 pJ/B
  hbm_byte: 40 pJ/B
power: {idle: 90 W, cap: 350 W}
die: {process: n7, width: 25.5 mm, height: 26 mm, cores: 25, cores_needed: 24, core_share: 0.55}
)";

inline constexpr const char* kProcess = R"(grade: B
source: report
wafer_diameter: 300 mm
edge_exclusion: 3 mm
scribe: 100 um
wafer_cost: 9.3 kUSD
defect_density: {value: 0.272 /cm2, low: 0.139 /cm2, high: 0.374 /cm2}
systematic_yield: 1
)";

inline constexpr const char* kSoftware = R"(grade: C
source: recalled
kernels: {mla: cm384, gemm_dequant: vector}
launch: {graph_gap: 1 us, kernel_prologue: 2 us}
host: {time_per_step: 1 ms, verification: 0.3 ms}
fused:
  gate.up: {ops: [gemm, swiglu]}
transfers: {row_alignment: 512 B, scale_bytes: 4 B, scale_group: 0, barriers: 1}
reserved_memory: 4 GiB
)";

inline constexpr const char* kStudy = R"(question: What?
grade: B
source: paper
scenarios:
  one:
    system: cm
    model: r1
    software: cann
    ranks: 320
    sequences_per_rank: 48
    cached_tokens: 4096
    mtp: {positions: 2, acceptance: 0.7}
    experts: {slots_per_rank: 1}
    precision: {linear: int8, dispatch: int8}
    site:
      electricity: 0.056 USD/kWh
      pue: 1.2
      psu_efficiency: 0.94
      hosting: 200 USD/kW-month
      life: 5 year
      discount_rate: 0.08
      maintenance: 0.03
      availability: 0.98
      utilisation: 0.6
)";

}  // namespace reticle::config::test
