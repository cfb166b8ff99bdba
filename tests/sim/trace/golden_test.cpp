#include <catch2/catch.hpp>

#include "sim/trace/reader.h"
#include "tests/sim/trace/sample_trace.h"

namespace reticle::trace::test {

const std::string kGolden = RETICLE_SOURCE_DIR "/tests/sim/trace/golden.rtrace";

// If the format changed on purpose and in a way old readers skip: look at the new file, copy it
// over the golden one. Anything else needs a new version.
TEST_CASE("writing reproduces the golden file") {
  write_sample("golden.actual.rtrace");
  const bool same = bytes_of("golden.actual.rtrace") == bytes_of(kGolden);
  INFO("compare golden.actual.rtrace with " << kGolden);
  CHECK(same);
}

TEST_CASE("the golden file's summary") {
  const Reader reader(kGolden);
  const Summary& s = reader.summary();
  CHECK(reader.notice().empty());
  CHECK(s.producer == "golden");
  REQUIRE(s.properties.size() == 2);
  CHECK(s.properties[1] == std::pair<std::string, std::string>("seed", "1"));
  REQUIRE(s.tracks.size() == 7);
  CHECK(s.tracks[0].name == "system");
  CHECK(s.tracks[4].name == "rank 1");
  CHECK(s.tracks[4].parent.value == 1);
  CHECK(s.tracks[4].kind == rtrace::TRACK_KIND_RANK);
  CHECK(s.tracks[4].number == 1);
  REQUIRE(s.counters.size() == 2);
  CHECK(s.counters[1].track.value == 5);
  CHECK(s.counters[1].name == "power");
  CHECK(s.counters[1].unit == "W");
  CHECK(s.totals.slices == 24);
  CHECK(s.totals.samples == 6);
  CHECK(s.totals.flows == 6);
  CHECK(s.totals.span.first_ps == 0);
  CHECK(s.totals.span.last_ps == 3000);
}

TEST_CASE("the golden file's totals") {
  const Reader reader(kGolden);
  const TrackTotals& stream = reader.summary().totals.tracks[2];
  CHECK(stream.slices == 6);
  CHECK(stream.busy_ps == 2000);
  CHECK(stream.first_ps == 0);
  CHECK(stream.last_ps == 2200);
  CHECK(stream.depths == 2);
  CHECK(reader.summary().totals.tracks[0].slices == 0);
  const CounterTotals& power = reader.summary().totals.counters[0];
  CHECK(power.samples == 3);
  CHECK(power.min == 100);
  CHECK(power.max == 400);
  CHECK(power.last_value == 100);
  // 100 W for 1 ns, 400 W for 2 ns
  CHECK(power.integral == Approx(900e-9).epsilon(1e-15));
}

TEST_CASE("the golden file's rows") {
  Reader reader(kGolden);
  std::string rows;
  reader.each_slices([&](const SliceBlock& block) {
    for (const LaneRows& lane : block.lanes) {
      for (std::size_t r = lane.begin; r < lane.end && lane.track.value == 3; ++r) {
        rows += std::to_string(lane.depth) + "/" + std::to_string(lane.first + r - lane.begin) +
                " " + reader.summary().text(block.name[r]) + " " +
                std::to_string(block.start_ps[r]) + "+" + std::to_string(block.duration_ps[r]) +
                "\n";
      }
    }
  });
  CHECK(rows ==
        "0/0 layer 0+1000\n"
        "1/0 gemm 0+700\n"
        "1/1 rmsnorm 700+0\n"
        "1/2 gemm 1200+700\n"
        "1/3 rmsnorm 1900+0\n"
        "0/1 layer 1200+1000\n");
  std::vector<Flow> flows;
  reader.each_flows(
      [&](const auto& block) { flows.insert(flows.end(), block.begin(), block.end()); });
  REQUIRE(flows.size() == 6);
  CHECK(flows[0].from.ordinal == 0);
  CHECK(flows[0].from.time_ps == 700);
  CHECK(flows[0].to.ordinal == 2);
  CHECK(flows[0].to.time_ps == 1200);
  CHECK(flows[0].to.depth == 1);
  CHECK(reader.summary().text(flows[0].name) == "dispatch");
}

}  // namespace reticle::trace::test
