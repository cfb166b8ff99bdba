#include <algorithm>
#include <catch2/catch.hpp>

#include "schema/errors.h"
#include "tests/workloads/traces/support.h"
#include "workloads/traces/kernel_class.h"
#include "workloads/traces/kineto_reader.h"
#include "workloads/traces/trace_event.h"

namespace reticle::traces {

using test::bytes_of;
using test::error_of;
using test::Folder;
using test::gzip;
using test::sample;

namespace {

Recording read(const std::string& events) {
  const Folder folder;
  return read_kineto(folder.write("t.json", "{\"traceEvents\":[" + events + "]}"));
}

std::string slice(const std::string& ts, const std::string& dur, const std::string& name = "k",
                  const std::string& more = "") {
  return R"({"ph":"X","cat":"kernel","name":")" + name + R"(","pid":0,"tid":7,"ts":)" + ts +
         ",\"dur\":" + dur + more + "}";
}

}  // namespace

TEST_CASE("the sample is read whole") {
  const Recording r = read_kineto(sample());
  CHECK(r.device == "made-up GPU");
  CHECK(r.rank == 3);
  CHECK(r.world_size == 8);
  CHECK(r.base_us == 1740461679000000);
  REQUIRE(r.slices.size() == 16);
  REQUIRE(r.tracks.size() == 3);
  CHECK(r.tracks[1].name == "stream 7");  // without Kineto's trailing blank
  CHECK_FALSE(r.processes[r.tracks[0].process].device);
  CHECK(r.processes[r.tracks[1].process].device);
  const std::size_t combine = r.slices.size() - 1;
  CHECK(r.name(combine) == "void deep_ep::internode::combine<false, 8>(int4*)");
  CHECK(r.slices.start_ps[combine] == 545500000);
  CHECK(r.slices.duration_ps[combine] == 250250000);
  const Details& details = r.details[r.slices.details[combine]];
  CHECK(details.grid == std::array<std::uint32_t, 3>{20, 1, 1});
  CHECK(details.block == std::array<std::uint32_t, 3>{800, 1, 1});
  CHECK(r.last_ps() == 1000000000);
  CHECK(r.oddities.overlaps + r.oddities.bad_times + r.oddities.unknown_phases == 0);
}

TEST_CASE("gzip reads as plain") {
  const Folder folder;
  const Recording r = read_kineto(gzip(folder, "t.json.gz", bytes_of(sample())));
  CHECK(r.slices.size() == 16);
  CHECK(r.last_ps() == 1000000000);
}

TEST_CASE("times since 1970 keep every picosecond") {
  const Recording r =
      read(slice("1740461679471346.123456", "0.000001") + "," + slice("1740461679471345", "1"));
  REQUIRE(r.slices.size() == 2);
  CHECK(r.slices.start_ps[0] == 0);
  CHECK(r.slices.start_ps[1] == 1123456);
  CHECK(r.slices.duration_ps[1] == 1);
}

TEST_CASE("the text of a time, exactly") {
  CHECK(event_time("12")->us == 12);
  CHECK(event_time("12.5")->ps == 500000);
  CHECK(event_time("12.1234567")->ps == 123456);  // past the picosecond is cut off
  CHECK(event_time("-0.25")->us == -1);
  CHECK(event_time("-0.25")->ps == 750000);
  CHECK(event_time("1.5e3")->us == 1500);
  CHECK_FALSE(event_time("abc"));
  CHECK_FALSE(event_time("99999999999999999999"));
  CHECK_FALSE(event_time("1.5x"));
}

TEST_CASE("what real files contain is counted and kept where it can be") {
  const std::string at = R"("pid":1,"tid":2)";
  const Recording r =
      read(R"({"ph":"B","name":"outer",)" + at + R"(,"ts":1},)" + R"({"ph":"B","name":"open",)" +
           at + R"(,"ts":2},)" + R"({"ph":"E",)" + at + R"(,"ts":4},)" + R"({"ph":"E",)" + at +
           R"(,"ts":9},)" + R"({"ph":"E",)" + at + R"(,"ts":10},)" +
           R"({"ph":"B","name":"never ended",)" + at + R"(,"ts":20},)" + R"({"ph":"Z",)" + at +
           R"(,"ts":1},)" + R"({"ph":"i","name":"mark",)" + at + R"(,"ts":1},)" + slice("5", "-1") +
           "," + slice("30", "5") + "," + slice("10", "5") + "," + slice("12", "5") + "," +
           slice("null", "5"));
  CHECK(r.oddities.missing_ends == 1);
  CHECK(r.oddities.unmatched_ends == 1);
  CHECK(r.oddities.unknown_phases == 1);
  CHECK(r.oddities.instants == 1);
  CHECK(r.oddities.bad_times == 2);
  CHECK(r.oddities.out_of_order == 1);
  CHECK(r.oddities.overlaps == 1);
  CHECK(r.slices.size() == 6);
  REQUIRE(r.tracks.size() == 3);
  CHECK(r.tracks[2].overlap == 1);
  CHECK(r.tracks[2].number == 7);
}

TEST_CASE("an event years away is dropped, wherever the file puts it") {
  const Recording r = read(slice("0", "1") + "," + slice("1740461679471346", "2") + "," +
                           slice("1740461679471350", "2"));
  CHECK(r.slices.size() == 2);
  CHECK(r.oddities.bad_times == 1);
  CHECK(r.last_ps() == 6000000);
}

TEST_CASE("slices nest by depth and touch without overlapping") {
  const Recording r = read(slice("0", "10", "outer") + "," + slice("0", "4", "first") + "," +
                           slice("4", "6", "second") + "," + slice("5", "2", "inner") + "," +
                           slice("10", "1", "next"));
  CHECK(r.slices.depth == std::vector<std::uint32_t>{0, 1, 1, 2, 0});
  CHECK(r.oddities.overlaps == 0);
}

TEST_CASE("nesting has a limit, beyond which a track of its own begins") {
  std::string events;
  for (int i = 0; i < 300; ++i) {
    events += (i > 0 ? "," : "") + slice(std::to_string(i), std::to_string(1000 - 2 * i));
  }
  const Recording r = read(events);
  CHECK(r.oddities.overlaps == 300 - 256);
  CHECK(*std::max_element(r.slices.depth.begin(), r.slices.depth.end()) == 255);
}

TEST_CASE("flows bind to the innermost slices around their ends") {
  const Recording r =
      read(slice("0", "10", "outer") + "," + slice("2", "4", "inner") + "," +
           slice("20", "5", "to") + R"(,{"ph":"s","id":5,"name":"ac2g","pid":0,"tid":7,"ts":3})" +
           R"(,{"ph":"f","id":5,"name":"ac2g","pid":0,"tid":7,"ts":20,"bp":"e"})" +
           R"(,{"ph":"f","id":6,"name":"ac2g","pid":0,"tid":7,"ts":20,"bp":"e"})");
  REQUIRE(r.flows.size() == 1);
  CHECK(r.name(r.flows[0].from) == "inner");
  CHECK(r.name(r.flows[0].to) == "to");
  CHECK(r.oddities.unbound_flows == 1);
}

TEST_CASE("counters, the last of several values at one time") {
  const std::string c = R"({"ph":"C","name":"power","pid":0,"ts":)";
  const Recording r = read(c + R"(1,"args":{"W":300}},)" + c + R"(1,"args":{"W":350}},)" + c +
                           R"(2,"args":{"W":400}})");
  REQUIRE(r.samples.size() == 2);
  CHECK(r.samples[0].value == 350);
  CHECK(r.oddities.same_time_samples == 1);
  CHECK(r.counters[0].name == "power");
}

TEST_CASE("a bare array of events is a trace too") {
  const Folder folder;
  CHECK(read_kineto(folder.write("t.json", "[" + slice("1", "2") + "]")).slices.size() == 1);
}

TEST_CASE("a file cut short is read as far as it goes") {
  const Folder folder;
  const std::string whole = bytes_of(sample());
  const Recording r = read_kineto(folder.write("t.json", whole.substr(0, whole.size() / 2)));
  CHECK(r.slices.size() > 2);
  CHECK(r.slices.size() < 16);
  CHECK_THAT(r.truncated, Catch::Contains("the file ends early"));
  const std::filesystem::path zip = gzip(folder, "t.json.gz", whole);
  std::filesystem::resize_file(zip, std::filesystem::file_size(zip) / 2);
  CHECK_FALSE(read_kineto(zip).truncated.empty());
}

TEST_CASE("what is no trace is refused with the place") {
  const Folder folder;
  const auto refused = [&](const std::string& text) {
    const std::string path = folder.write("t.json", text).string();
    const std::string error = error_of<InputError>([&] { read_kineto(path); });
    return error.substr(error.find(": ") + 2);
  };
  CHECK_THAT(refused("{]"), Catch::StartsWith("byte 1: Missing a name for object member."));
  CHECK_THAT(refused("7"), Catch::Contains("it is a single value, not a trace"));
  CHECK_THAT(refused("{}"), Catch::StartsWith("no event with a usable time"));
  CHECK_THAT(refused("{\"traceEvents\":[]}"), Catch::StartsWith("no event with a usable time"));
  CHECK_THAT(refused(std::string(100000, '[')),
             Catch::Contains("values are nested more than 64 deep"));
  CHECK_THAT(refused("{\"traceName\":\"" + std::string(3 << 20, 'x') + "\"}"),
             Catch::Contains("a value is longer than 1 MiB"));
  CHECK(error_of<UsageError>([] { read_kineto("/nowhere/t.json"); }) ==
        "/nowhere/t.json: no such file");
}

TEST_CASE("a gzip bomb is refused before it is unpacked") {
  const Folder folder;
  const std::string event = slice("1", "2") + ",\n";
  std::string text = "[";
  while (text.size() < (36U << 20)) {  // repeats shrink beyond any real trace
    text += event;
  }
  const auto path = gzip(folder, "bomb.json.gz", text);
  CHECK_THAT(error_of<InputError>([&] { read_kineto(path); }),
             Catch::Contains("it expands more than 250-fold"));
}

TEST_CASE("classes of kernels by name") {
  const auto of = [](const char* name) {
    return std::string(class_name(kernel_class(name, Category::kKernel)));
  };
  CHECK(of("ncclDevKernel_AllReduce_Sum_bf16_RING_LL(ncclDevKernelArgsStorage)") == "collective");
  CHECK(of("nvjet_hsh_128x256_64x4_2x1_v_bz_coopA_TNT") == "gemm");
  CHECK(of("void flash::flash_fwd_splitkv_kernel<Flash_fwd_kernel_traits<128>>") ==
        "attention_forward");
  CHECK(of("void cutlass::device_kernel<flash::FlashAttnBwd<int>>") == "attention_backward");
  CHECK(of("void deep_ep::internode_ll::dispatch<true>(void*)") == "dispatch");
  CHECK(of("void deep_ep::internode::cached_notify<false>(int)") == "synchronise");
  CHECK(of("void deep_gemm::sm90_fp8_gemm_1d2d_impl<7168u>") == "gemm");
  CHECK(of("fused_moe_kernel_silu_and_mul") == "activation");
  CHECK(of("what_is_this") == "other");
  CHECK(std::string(class_name(kernel_class("Memset (Device)", Category::kMemset))) == "copy");
}

}  // namespace reticle::traces
