#include <catch2/catch.hpp>
#include <filesystem>
#include <tuple>

#include "schema/errors.h"
#include "study/trace/profile_info.h"
#include "study/trace/profile_replay.h"
#include "study/trace/recorded_replay.h"
#include "study/trace/recording_files.h"
#include "study/trace/trace_convert.h"
#include "tests/sim/trace/sample_trace.h"
#include "workloads/traces/kineto_reader.h"

namespace reticle::study {

using trace::test::error_of;
using trace::test::Folder;
using trace::test::write_sample;
using traces::KernelClass;
using traces::kNone;
using traces::Recording;

namespace {

const std::filesystem::path kSample =
    std::filesystem::path(RETICLE_SOURCE_DIR) / "tests/workloads/traces/sample.json";
const std::filesystem::path kDeepSeek = "/work/shared/data/traces/deepseek-profile/train.json";

bool have_deepseek() {
  if (std::filesystem::exists(kDeepSeek)) {
    return true;
  }
  WARN("skipped: " << kDeepSeek << " is not here (DeepSeek's profile has no licence to ship)");
  return false;
}

// Everything that a format carries, texts in place of their ids.
void check_equal(const Recording& a, const Recording& b) {
  REQUIRE(a.slices.size() == b.slices.size());
  REQUIRE(a.tracks.size() == b.tracks.size());
  CHECK(a.rank == b.rank);
  CHECK(a.world_size == b.world_size);
  CHECK(a.device == b.device);
  std::size_t different = 0;
  for (std::size_t i = 0; i < a.slices.size(); ++i) {
    const auto all = [i](const Recording& r) {
      const traces::Slices& s = r.slices;
      const traces::Track& t = r.tracks[s.track[i]];
      const traces::Details& d = r.details[s.details[i]];
      return std::make_tuple(r.processes[t.process].name, r.processes[t.process].number,
                             r.processes[t.process].device, t.name, t.number, t.overlap, s.depth[i],
                             s.start_ps[i], s.duration_ps[i], r.name(i), s.category[i],
                             s.correlation[i], d.grid, d.block, d.registers, d.shared_memory_bytes,
                             d.bytes, r.strings.text(d.collective), d.in_elements);
    };
    different += all(a) == all(b) ? 0 : 1;
  }
  CHECK(different == 0);
  REQUIRE(a.flows.size() == b.flows.size());
  for (std::size_t i = 0; i < a.flows.size(); ++i) {
    different += a.flows[i].from == b.flows[i].from && a.flows[i].to == b.flows[i].to ? 0 : 1;
  }
  CHECK(different == 0);
}

void check_round_trips(const std::filesystem::path& from) {
  const Folder dir;
  const Recording first = traces::read_kineto(from);
  convert(from, "rtrace", dir / "t.rtrace");
  check_equal(first, read_rtrace(dir / "t.rtrace"));
  convert(from, "chrome", dir / "t.json");
  check_equal(first, traces::read_kineto(dir / "t.json"));
  write_rtrace(read_rtrace(dir / "t.rtrace"), dir / "u.rtrace");
  check_equal(first, read_rtrace(dir / "u.rtrace"));
  convert(dir / "t.rtrace", "chakra", dir / "t.0.et");
  CHECK(traces::read_chakra(dir / "t.0.et").nodes == to_chakra(first).nodes);
}

}  // namespace

TEST_CASE("what is written as rtrace, Chrome JSON and Chakra is read back equal") {
  check_round_trips(kSample);
}

TEST_CASE("DeepSeek's profile goes round, replays and sums up as an independent script says") {
  if (!have_deepseek()) {
    return;
  }
  check_round_trips(kDeepSeek);
  const Recording recording = traces::read_kineto(kDeepSeek);
  const ProfileInfo info = profile_info(recording, "train.json");
  // Sums of `dur` over the events of category kernel, gpu_memcpy and gpu_memset with the name, by a
  // script of ten lines (Python's json): 963 kernels, 20 copies and fills.
  CHECK(info.kernels == 983);
  CHECK(info.kernel_ps == 244069000000);
  CHECK(info.last_ps - info.first_ps == 129012000000);  // validation.md, L0053
  const auto total_us = [&](KernelClass c) {
    for (const ProfileClass& one : info.classes) {
      if (one.kernel_class == c) {
        return one.total_ps / 1000000;
      }
    }
    return std::int64_t{0};
  };
  CHECK(total_us(KernelClass::kCombine) == 49448);
  CHECK(total_us(KernelClass::kDispatch) == 17383 + 13621);
  CHECK(total_us(KernelClass::kSynchronise) == 23610 + 8968);
  CHECK(total_us(KernelClass::kGemm) == 32756 + 18838 + 189 + 186 + 162);
  CHECK(total_us(KernelClass::kGroupedGemm) == 22926);
  CHECK(total_us(KernelClass::kAttentionBackward) == 15115 + 1025 + 877);
  CHECK(total_us(KernelClass::kAttentionForward) == 4948);
  const ProfileReplay replay = replay_profile(recording);
  CHECK(replay.recorded_ps == 129109000000);
  CHECK(replay.simulated_ps == Approx(replay.recorded_ps).epsilon(0.01));
  REQUIRE(replay.steps.size() == 1);
  CHECK(replay.steps[0].recorded_ps == 112202000000);
  CHECK(replay.steps[0].simulated_ps == Approx(112202000000).epsilon(0.01));
}

TEST_CASE("a profile's times add up") {
  const ProfileInfo info = profile_info(traces::read_kineto(kSample), "sample.json");
  CHECK(info.kernels == 5);
  CHECK(info.kernel_ps == 1020250000);
  CHECK(info.compute_ps == 470000000);  // 40-240, 242-362, 545-695
  CHECK(info.comm_ps == 550250000);     // 243-543, 545.5-795.75
  CHECK(info.overlap_ps == 268500000);  // 119 + 149.5
  CHECK(info.exposed_comm_ps() == 281750000);
  CHECK(info.idle_ps == 755750000 - 470000000 - 281750000);
  REQUIRE(info.classes.size() == 4);
  CHECK(info.classes[0].kernel_class == KernelClass::kGemm);
  CHECK(info.classes[0].median_ps == 175000000);
  CHECK(info.classes[0].p95_ps == 200000000);
  REQUIRE(info.streams.size() == 2);
  CHECK(info.streams[0].busy_ps + info.streams[0].idle_ps == 755750000);
  REQUIRE(info.steps.size() == 1);
  std::int64_t path = 0;
  for (const auto& [name, ps] : info.critical_path) {
    path += ps;
  }
  CHECK(path == 800000000 - 20000000);  // from the first launch to the end of the synchronisation
}

TEST_CASE("a recording replays as it was, and a longer kernel delays what waits for it") {
  const Recording recording = traces::read_kineto(kSample);
  const traces::LaunchGraph graph = traces::launch_graph(recording);
  const RecordedReplay same = replay_recorded(recording, graph);
  CHECK(same.simulated_ps == same.recorded_ps);
  CHECK(same.contradicted == 0);
  std::vector<double> stretch(graph.tasks.size(), 1);
  for (std::size_t i = 0; i < graph.tasks.size(); ++i) {
    const std::string& name = recording.name(graph.tasks[i].slice);
    stretch[i] = name.find("dispatch") != std::string::npos ? 2 : 1;
  }
  // All that is behind dispatch (300 us) is on the critical path to the end.
  CHECK(replay_recorded(recording, graph, stretch).simulated_ps == same.recorded_ps + 300000000);
  for (std::size_t i = 0; i < graph.tasks.size(); ++i) {
    const std::string& name = recording.name(graph.tasks[i].slice);
    stretch[i] = name.find("elementwise") != std::string::npos ? 2 : 1;  // has 183 us to spare
  }
  CHECK(replay_recorded(recording, graph, stretch).simulated_ps == same.recorded_ps);
}

TEST_CASE("Reticle's own traces are recordings too") {
  const Folder dir;
  write_sample(dir / "t.rtrace");
  const Recording r = read_rtrace(dir / "t.rtrace");
  write_rtrace(r, dir / "u.rtrace");
  check_equal(r, read_rtrace(dir / "u.rtrace"));
}

TEST_CASE("converting says what it cannot") {
  const Folder dir;
  CHECK(error_of<UsageError>([&] { convert(kSample, "svg", dir / "o"); }) ==
        "--to svg: no such format (rtrace, chrome, perfetto, chakra)");
  CHECK_THAT(error_of<UsageError>([&] { convert(dir / ".", "chrome", dir / "o"); }),
             Catch::Contains("not when (reticle trace replay)"));
  CHECK_FALSE(std::filesystem::exists(dir / "o"));
}

}  // namespace reticle::study
