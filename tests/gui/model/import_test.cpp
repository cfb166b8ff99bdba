#include <zlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>

#include "gui/model/document.h"
#include "gui/model/format.h"
#include "gui/model/slice_args.h"
#include "schema/errors.h"
#include "study/trace/trace_convert.h"
#include "tests/gui/model/sample_traces.h"

namespace reticle::gui {
namespace {

using test::Folder;
using Strings = std::vector<std::string>;

std::string gzipped(const std::string& bytes) {
  std::string out(bytes.size() + 1024, '\0');
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// "track path: slices" of every lane.
Strings lanes(const Document& document) {
  Strings out;
  for (std::size_t at = 0; at < document.data().lanes.size(); ++at) {
    out.push_back(track_path(document.summary(), document.lanes().track(at)) + ": " +
                  std::to_string(document.data().lanes[at].size()));
  }
  return out;
}

const Strings kLanes = {"process 9 (python3)/thread 5: 1", "process 9 (python3)/thread 5: 4",
                        "process 9 (python3)/thread 5: 1", "GPU 0 (python3)/stream 7: 2",
                        "GPU 0 (python3)/stream 20: 1"};

void check_sample(Document& document) {
  document.wait();
  CHECK(document.failure().empty());
  CHECK(document.data().warnings.empty());
  CHECK(lanes(document) == kLanes);
  CHECK(document.whole() == TimeRange{0, 67'000'000});
  const Lane& stream = document.data().lanes[3];
  CHECK(stream.start_ps(0) == 10'000'000);
  CHECK(stream.duration_ps(0) == 20'000'000);
  CHECK(document.data().lanes[4].duration_ps(0) == 30'500'000);
  CHECK(kernel_label(document.contents().name({3, 0})) == "gemm");
  REQUIRE(document.flows().to({3, 0}).size() == 1);
  CHECK(document.contents().name(document.flows().to({3, 0})[0].from) == "cudaLaunchKernel");
}

TEST_CASE("a profile has its streams, threads, flows and annotations") {
  const Folder directory;
  Document document(directory.write("train.json", test::kineto_json()));
  check_sample(document);
  CHECK(document.contents().name({0, 0}) == "step");
  const auto args = slice_arguments(document.contents(), {3, 0});
  const Strings wanted = {"grid 112,1,1", "block 128,1,1", "category kernel", "correlation 1"};
  Strings got;
  for (const auto& [key, value] : args) {
    got.push_back(key + " " + value);
  }
  CHECK(got == wanted);
}

TEST_CASE("a gzipped profile is the same") {
  const Folder directory;
  Document document(directory.write("train.json.gz", gzipped(test::kineto_json())));
  check_sample(document);
}

TEST_CASE("a profile converted to rtrace, chrome and perfetto is the same again") {
  const Folder directory;
  const auto json = directory.write("train.json", test::kineto_json());
  for (const char* format : {"rtrace", "chrome"}) {
    study::convert(json, format, directory / (std::string("copy.") + format));
    Document copy(directory / (std::string("copy.") + format));
    check_sample(copy);
  }
  study::convert(json, "perfetto", directory / "copy.pftrace");
  Document copy(directory / "copy.pftrace");
  copy.wait();
  CHECK(copy.failure().empty());
  CHECK(copy.data().lanes.size() == kLanes.size());
  CHECK(copy.summary().totals.slices == 9);
  CHECK(copy.whole() == TimeRange{0, 67'000'000});
  REQUIRE(copy.flows().dangling() == 0);
  CHECK(copy.data().flows.size() == 1);
}

TEST_CASE("a profile cut short is shown as far as it goes") {
  const Folder directory;
  const std::string json = test::kineto_json();
  const std::size_t cut = json.find("ncclAllReduce");
  for (const std::string& bytes : {json.substr(0, cut), gzipped(json).substr(0, 420)}) {
    Document document(directory.write("cut.json", bytes));
    document.wait();
    REQUIRE(document.data().warnings.size() >= 1);
    CHECK(document.data().warnings[0].find("the file ends early") != std::string::npos);
    CHECK(document.summary().totals.slices > 0);
    CHECK(document.summary().totals.slices < 9);
  }
}

TEST_CASE("slices that overlap or do not end are shown, and counted as warnings") {
  const Folder directory;
  Document document(directory.write("odd.json", R"({"traceEvents":[
{"ph":"X","name":"a","pid":1,"tid":1,"ts":0,"dur":10},
{"ph":"X","name":"b","pid":1,"tid":1,"ts":5,"dur":10},
{"ph":"B","name":"c","pid":1,"tid":2,"ts":3},
{"ph":"E","name":"d","pid":1,"tid":3,"ts":3},
{"ph":"X","name":"e","pid":1,"tid":2,"ts":5,"dur":-1}]})"));
  document.wait();
  CHECK(document.summary().totals.slices == 3);
  CHECK(document.data().lanes.size() == 3);
  const Strings wanted = {
      "1 slices have no end; they are drawn to the end of the trace",
      "1 ends belong to no slice; they are left out",
      "1 events have no usable time; they are left out",
      "1 slices overlap others of their track; they are on a track of their own"};
  CHECK(document.data().warnings == wanted);
}

TEST_CASE("what is no trace at all is a failure with its reason") {
  const Folder directory;
  const auto path = directory.write("bad.json", "{\"traceEvents\": 5}");
  Document document(path);
  document.wait();
  CHECK(document.failure().find(path.string() + ": no event with a usable time") == 0);
  REQUIRE(document.data().warnings.size() == 1);
  CHECK_THROWS_AS(Document(directory.write("text.txt", "hello")), InputError);
  Document proto(directory.write("bad.pftrace", "\n\x05xx"));
  proto.wait();
  CHECK(proto.failure().find("byte 0: no packet of a Perfetto trace") != std::string::npos);
}

TEST_CASE("DeepSeek's profile has its streams, threads, flows and annotations") {
  const std::filesystem::path path = "/work/shared/data/traces/deepseek-profile/train.json";
  if (!std::filesystem::exists(path)) {
    WARN("skipped: " << path << " is not here (DeepSeek's profile has no licence to ship)");
    return;
  }
  Document document(path);
  document.wait();
  CHECK(document.failure().empty());
  CHECK(document.summary().totals.slices == 9306);
  CHECK(document.data().flows.size() == 991);
  CHECK(document.flows().dangling() == 0);
  std::map<std::string, std::size_t> outermost;
  for (std::size_t at = 0; at < document.data().lanes.size(); ++at) {
    if (document.lanes().depth(at) == 0) {
      outermost[track_path(document.summary(), document.lanes().track(at))] =
          document.data().lanes[at].size();
    }
  }
  const std::string gpu = "GPU 0 (python3)/stream ";
  CHECK(outermost.at(gpu + "7") + outermost.at(gpu + "23") + outermost.at(gpu + "27") == 983);
  const std::string host = "process 1166 (python3)/thread ";
  CHECK(outermost.count(host + "1166 (python3)") == 1);
  CHECK(outermost.count(host + "2571 (python3)") == 1);
  std::map<std::string, std::size_t> names;
  for (const Lane& lane : document.data().lanes) {
    for (std::size_t i = 0; i < lane.size(); ++i) {
      ++names[document.summary().strings[lane.name(i)]];
    }
  }
  CHECK(names["ProfilerStep#1"] == 1);
  CHECK(names["dispatch(F)"] == 4);
}

TEST_CASE("a kernel's label is its own name") {
  CHECK(kernel_label("void dpsk::ep::internode::combine<false, 8>(int4*, float*)") == "combine");
  CHECK(kernel_label("void (anonymous namespace)::softmax<4>(float*)") == "softmax");
  CHECK(kernel_label("at::native::copy_kernel(int)") == "copy_kernel");
  CHECK(kernel_label("void cutlass::device_kernel<a::fp8_ptp128c::GemmKernel>(a::Params)") ==
        "fp8_ptp128c");
  CHECK(kernel_label("void cutlass::device_kernel<flash::FlashAttnBwd<4>>(int)") == "FlashAttnBwd");
  CHECK(kernel_label("attn(B)") == "attn(B)");
  CHECK(kernel_label("Memcpy DtoD (Device -> Device)") == "Memcpy DtoD (Device -> Device)");
  CHECK(kernel_label("aten::mm") == "aten::mm");
  CHECK(kernel_label("void <") == "void <");
  CHECK(kernel_label("").empty());
}

}  // namespace
}  // namespace reticle::gui
