#include <catch2/catch.hpp>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "schema/errors.h"
#include "study/trace/chrome_convert.h"
#include "study/trace/chrome_writer.h"
#include "study/trace/trace_info.h"
#include "tests/sim/trace/sample_trace.h"

namespace reticle::study {

using nlohmann::json;
using trace::test::bytes_of;
using trace::test::error_of;
using trace::test::Folder;
using trace::test::write_bytes;
using trace::test::write_sample;

namespace {

json converted(const Folder& dir) {
  convert_trace(dir / "t.rtrace", "chrome", dir / "t.json");
  return json::parse(bytes_of(dir / "t.json"));
}

std::vector<json> of_phase(const json& chrome, const std::string& phase) {
  std::vector<json> out;
  for (const json& event : chrome["traceEvents"]) {
    if (event["ph"] == phase) {
      out.push_back(event);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("microseconds keep every digit of the picoseconds") {
  CHECK(exact_us(0) == "0");
  CHECK(exact_us(1) == "0.000001");
  CHECK(exact_us(999999) == "0.999999");
  CHECK(exact_us(1000000) == "1");
  CHECK(exact_us(1500000) == "1.5");
  CHECK(exact_us(10000010) == "10.00001");
  CHECK(exact_us(std::numeric_limits<std::int64_t>::max()) == "9223372036854.775807");
}

TEST_CASE("JSON strings") {
  CHECK(json_string("a\"b\\c\n\x01") == R"("a\"b\\c\n\u0001")");
  CHECK(json_string("µs") == "\"µs\"");
  CHECK(json_string("\xff") == "\"\xef\xbf\xbd\"");
}

TEST_CASE("a converted trace has the totals of info") {
  const Folder dir;
  write_sample(dir / "t.rtrace");
  const TraceInfo info = trace_info(dir / "t.rtrace");
  const json chrome = converted(dir);
  std::map<std::string, std::pair<std::uint64_t, double>> names;  // count, us
  for (const json& slice : of_phase(chrome, "X")) {
    auto& name = names[slice["name"]];
    ++name.first;
    name.second += slice["dur"].get<double>();
  }
  REQUIRE(names.size() == info.names.size());
  for (const TraceNameInfo& name : info.names) {
    CHECK(names[name.name].first == name.count);
    CHECK(names[name.name].second * 1e6 == Approx(static_cast<double>(name.total_ps)));
  }
  CHECK(of_phase(chrome, "C").size() == info.samples);
  CHECK(of_phase(chrome, "s").size() == info.flows);
  CHECK(of_phase(chrome, "f").size() == info.flows);
  CHECK(chrome["otherData"].dump() == R"({"producer":"golden","seed":"1","study":"sample"})");
}

TEST_CASE("processes are ranks, threads are their tracks") {
  const Folder dir;
  write_sample(dir / "t.rtrace");
  std::vector<std::string> names;
  for (const json& event : of_phase(converted(dir), "M")) {
    if (event["name"] == "process_name" || event["name"] == "thread_name") {
      names.push_back(event["pid"].dump() + "." + event["tid"].dump() + " " +
                      event["args"]["name"].get<std::string>());
    }
  }
  CHECK(names == std::vector<std::string>{"2.2 system/rank 0", "5.5 system/rank 1", "2.3 stream 0",
                                          "2.4 stream 1", "5.6 stream 0", "5.7 stream 1"});
}

TEST_CASE("slices, arguments, counters and flows as Chrome writes them") {
  const Folder dir;
  write_sample(dir / "t.rtrace");
  const json chrome = converted(dir);
  const std::vector<json> slices = of_phase(chrome, "X");
  CHECK(slices[0] == json::parse(R"({"ph":"X","name":"layer","pid":2,"tid":3,"ts":0,"dur":0.001,)"
                                 R"("args":{"energy_j":1.5}})"));
  CHECK(slices[8] == json::parse(R"({"ph":"X","name":"gemm","pid":2,"tid":3,"ts":0,"dur":0.0007,)"
                                 R"("args":{"hbm_bytes":-5,"bound_by":"tensor"}})"));
  CHECK(of_phase(chrome, "C")[1] ==
        json::parse(R"({"ph":"C","name":"power","pid":2,"ts":0.001,"args":{"W":400.0}})"));
  CHECK(of_phase(chrome, "s")[0] ==
        json::parse(R"({"ph":"s","cat":"flow","name":"dispatch","id":1,"pid":2,"tid":3,)"
                    R"("ts":0.000699})"));
  CHECK(of_phase(chrome, "f")[0] ==
        json::parse(R"({"ph":"f","bp":"e","cat":"flow","name":"dispatch","id":1,"pid":2,"tid":3,)"
                    R"("ts":0.0012})"));
}

TEST_CASE("an outer slice comes before what lies in it, though it is recorded last") {
  const Folder dir;
  trace::Recorder out(dir / "t.rtrace", {"test", {}, 2});
  const trace::TrackId track = out.add_track(trace::kNoTrack, "t", rtrace::TRACK_KIND_CORE);
  out.begin(track, out.string("outer"), 0);
  for (std::int64_t i = 0; i < 10; ++i) {
    out.slice(track, out.string("inner"), i, 1);
  }
  out.end(track, 10);
  out.finish();
  const std::vector<json> slices = of_phase(converted(dir), "X");
  REQUIRE(slices.size() == 11);
  CHECK(slices[0]["name"] == "outer");
}

TEST_CASE("counters of tracks within a process keep apart") {
  const Folder dir;
  trace::Recorder out(dir / "t.rtrace");
  const trace::TrackId rank = out.add_track(trace::kNoTrack, "r", rtrace::TRACK_KIND_RANK);
  for (const char* name : {"hbm \"0\"", "hbm 1"}) {
    const trace::TrackId track = out.add_track(rank, name, rtrace::TRACK_KIND_MEMORY);
    out.counter(out.add_counter(track, "read", "B/s"), 0, 1e12 / 3);
  }
  out.finish();
  const std::vector<json> samples = of_phase(converted(dir), "C");
  REQUIRE(samples.size() == 2);
  CHECK(samples[0]["name"] == "hbm \"0\"/read");
  CHECK(samples[1]["name"] == "hbm 1/read");
  CHECK(samples[1]["args"]["B/s"] == 1e12 / 3);
}

TEST_CASE("an empty trace converts to an empty list") {
  const Folder dir;
  trace::Recorder(dir / "t.rtrace").finish();
  CHECK(converted(dir)["traceEvents"] == json::array());
}

TEST_CASE("conversion twice gives the same bytes") {
  const Folder dir;
  write_sample(dir / "t.rtrace");
  convert_trace(dir / "t.rtrace", "chrome", dir / "a.json");
  convert_trace(dir / "t.rtrace", "chrome", dir / "b.json");
  CHECK((bytes_of(dir / "a.json") == bytes_of(dir / "b.json")));
}

TEST_CASE("what convert refuses") {
  const Folder dir;
  write_sample(dir / "t.rtrace");
  CHECK(error_of<UsageError>([&] { convert_trace(dir / "t.rtrace", "perfetto", dir / "t.out"); }) ==
        "--to perfetto: not yet; the one format so far is chrome");
  CHECK(error_of<OutputError>([&] { convert_trace(dir / "t.rtrace", "chrome", "/dev/full"); }) ==
        "cannot write /dev/full: No space left on device");
}

TEST_CASE("a damaged trace leaves no output") {
  const Folder dir;
  write_sample(dir / "t.rtrace");
  std::string file = bytes_of(dir / "t.rtrace");
  file[260] ^= 1;  // in the first chunk of slices
  write_bytes(dir / "t.rtrace", file);
  CHECK(error_of<InputError>([&] { convert_trace(dir / "t.rtrace", "chrome", dir / "t.json"); }) ==
        (dir / "t.rtrace").string() + ": chunk at byte 233: damaged (its checksum does not match)");
  CHECK_FALSE(std::filesystem::exists(dir / "t.json"));
}

}  // namespace reticle::study
