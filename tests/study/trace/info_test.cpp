#include <catch2/catch.hpp>

#include "schema/errors.h"
#include "study/trace/trace_info.h"
#include "tests/sim/trace/sample_trace.h"

namespace reticle::study {

using trace::test::bytes_of;
using trace::test::error_of;
using trace::test::Folder;
using trace::test::write_bytes;

namespace {

// A rank with one stream: 20 gemms of 1..20 us, each 10 us apart from the next, and a power
// counter.
void write_stream(const std::filesystem::path& path) {
  trace::Recorder out(path, {"test", {{"study", "one"}}, 7});
  const trace::TrackId rank = out.add_track(trace::kNoTrack, "rank 3", rtrace::TRACK_KIND_RANK, 3);
  const trace::TrackId stream = out.add_track(rank, "compute", rtrace::TRACK_KIND_STREAM);
  const trace::CounterId power = out.add_counter(rank, "power", "W");
  std::int64_t now = 10000000;
  for (std::int64_t i = 1; i <= 20; ++i) {
    out.slice(stream, out.string("gemm"), now, i * 1000000);
    now += i * 1000000 + 10000000;
  }
  out.slice(stream, out.string("tail"), now, 0);
  out.counter(power, 10000000, 700);
  out.counter(power, 310000000, 100);
  out.finish();
}

}  // namespace

TEST_CASE("info of a stream, worked by hand") {
  const Folder dir;
  write_stream(dir / "t.rtrace");
  const TraceInfo info = trace_info(dir / "t.rtrace");
  CHECK(info.notice.empty());
  CHECK(info.ranks == 1);
  CHECK(info.slices == 21);
  CHECK(info.samples == 2);
  CHECK(info.first_ps == 10000000);
  CHECK(info.last_ps == 420000000);  // 10 + (1 + ... + 20) + 20 x 10 us
  REQUIRE(info.tracks.size() == 2);
  CHECK(info.tracks[1].path == "rank 3/compute");
  CHECK(info.tracks[1].kind == "stream");
  CHECK(info.tracks[1].busy_ps == 210000000);
  CHECK(info.tracks[1].share == Approx(210.0 / 410).epsilon(1e-15));
  CHECK(info.tracks[0].number == 3);
  REQUIRE(info.names.size() == 2);
  CHECK(info.names[0].name == "gemm");
  CHECK(info.names[0].count == 20);
  CHECK(info.names[0].total_ps == 210000000);
  CHECK(info.names[0].mean_ps == 10500000);
  CHECK(info.names[0].median_ps == 10500000);
  CHECK(info.names[0].p95_ps == 19000000);  // 19 of 20 are no longer
  CHECK(info.names[1].p95_ps == 0);
  REQUIRE(info.counters.size() == 1);
  CHECK(info.counters[0].min == 100);
  CHECK(info.counters[0].max == 700);
  // 700 W for 300 us, 100 W for the last 110 us
  CHECK(info.counters[0].mean == Approx((700 * 300 + 100 * 110) / 410.0).epsilon(1e-12));
}

TEST_CASE("the median of three, and of one") {
  const Folder dir;
  trace::Recorder out(dir / "t.rtrace");
  const trace::TrackId track = out.add_track(trace::kNoTrack, "t", rtrace::TRACK_KIND_CORE);
  std::int64_t now = 0;
  for (const std::int64_t duration : {900, 100, 200}) {
    out.slice(track, out.string("three"), now, duration);
    now += duration;
  }
  out.slice(track, out.string("one"), now, 50);
  out.finish();
  const TraceInfo info = trace_info(dir / "t.rtrace");
  CHECK(info.names.at(0).median_ps == 200);
  CHECK(info.names.at(0).p95_ps == 900);
  CHECK(info.names.at(1).median_ps == 50);
}

TEST_CASE("info as JSON") {
  const Folder dir;
  write_stream(dir / "t.rtrace");
  const nlohmann::ordered_json json = to_json(trace_info(dir / "t.rtrace"));
  CHECK(json["notice"].is_null());
  CHECK(json["properties"].dump() == R"({"study":"one"})");
  CHECK(json["end_us"] == 420);
  CHECK(json["tracks"][1].dump() ==
        R"({"track":"rank 3/compute","kind":"stream","number":0,"slices":21,"busy_us":210.0,)"
        R"("share":0.512195122})");
  CHECK(json["names"][0].dump() ==
        R"({"name":"gemm","count":20,"total_us":210.0,"mean_us":10.5,"median_us":10.5,)"
        R"("p95_us":19.0})");
  CHECK(json["counters"][0]["mean"] == 539.024390);
}

TEST_CASE("info as text") {
  const Folder dir;
  write_stream(dir / "t.rtrace");
  TraceInfo info = trace_info(dir / "t.rtrace");
  info.file = "t.rtrace";
  CHECK(to_text(info) ==
        "t.rtrace\n"
        "  written by test, study one\n"
        "  10.000 us to 420.000 us; ranks 1, tracks 2, slices 21, counter samples 2, flows 0\n"
        "\n"
        "  track           kind    slices  busy us   share\n"
        "  rank 3/compute  stream      21  210.000  51.2 %\n"
        "\n"
        "  name  count  total us  mean us  median us  p95 us\n"
        "  gemm     20   210.000   10.500     10.500  19.000\n"
        "  tail      1     0.000    0.000      0.000   0.000\n"
        "\n"
        "  counter       unit  samples  min     mean  max\n"
        "  rank 3/power  W           2  100  539.024  700\n");
}

TEST_CASE("info of a cut file says so, with the same numbers") {
  const Folder dir;
  write_stream(dir / "t.rtrace");
  const std::string file = bytes_of(dir / "t.rtrace");
  nlohmann::ordered_json whole = to_json(trace_info(dir / "t.rtrace"));
  write_bytes(dir / "t.rtrace", file.substr(0, file.size() - 1));
  nlohmann::ordered_json cut = to_json(trace_info(dir / "t.rtrace"));
  CHECK(cut["notice"].get<std::string>().substr(0, 25) == "no whole index at the end");
  cut["notice"] = whole["notice"];
  CHECK(cut == whole);
}

TEST_CASE("info of an empty trace") {
  const Folder dir;
  trace::Recorder(dir / "t.rtrace", {"test", {}, 7}).finish();
  TraceInfo info = trace_info(dir / "t.rtrace");
  info.file = "t";
  CHECK(to_text(info) ==
        "t\n  written by test\n"
        "  0.000 us to 0.000 us; ranks 0, tracks 0, slices 0, counter samples 0, flows 0\n");
}

TEST_CASE("other traces: not yet") {
  const Folder dir;
  write_bytes(dir / "kineto.json", "{\"traceEvents\": []}");
  CHECK(error_of<UsageError>([&] { trace_info(dir / "kineto.json"); }) ==
        (dir / "kineto.json").string() +
            ": not an .rtrace file; import of Chrome, Kineto, Perfetto and Chakra traces: not yet");
  CHECK(error_of<UsageError>([&] { trace_info(dir / "none.rtrace"); }) ==
        (dir / "none.rtrace").string() + ": no such file");
  write_bytes(dir / "bad.rtrace", "{\"traceEvents\": []}");
  CHECK(error_of<InputError>([&] { trace_info(dir / "bad.rtrace"); }) ==
        (dir / "bad.rtrace").string() +
            ": not an .rtrace file: it does not start with the magic bytes");
  write_stream(dir / "other.name");  // known by its bytes, not its name
  CHECK(trace_info(dir / "other.name").slices == 21);
}

}  // namespace reticle::study
