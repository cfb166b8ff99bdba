#include <sys/resource.h>
#include <zlib.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "schema/chakra.pb.h"
#include "schema/perfetto.pb.h"
#include "schema/trace.pb.h"
#include "sim/trace/format.h"
#include "tests/cli/program.h"

namespace reticle::test {
namespace {

constexpr int kInput = 4;
constexpr std::size_t kMiB = 1024 * 1024;

// A gzip member that unpacks to `bytes`; members one after the other are one stream.
std::string packed(const std::string& bytes) {
  std::string out(compressBound(bytes.size()) + 64, '\0');
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  REQUIRE(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) ==
          Z_OK);
  std::string in = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string times(const std::string& text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) {
    out += text;
  }
  return out;
}

std::string after_length(const google::protobuf::Message& message) {
  std::string out;
  for (std::size_t left = message.ByteSizeLong();; left >>= 7U) {
    out += static_cast<char>((left & 0x7fU) | (left > 0x7f ? 0x80U : 0U));
    if (left <= 0x7f) {
      return out + message.SerializeAsString();
    }
  }
}

// Runs the program on a file with a second of processor time, and wants its refusal; of all runs of
// this process none may have taken 200 MB.
class Refused {
 public:
  Refused() {
    constexpr rlimit kSecond{1, 1};
    REQUIRE(setrlimit(RLIMIT_CPU, &kSecond) == 0);
  }
  void file(const std::string& name, const std::string& bytes, const std::string& why,
            int status = kInput) const {
    command({"trace", "info", workspace_.file(name, bytes)}, why, status);
  }
  void command(const std::vector<std::string>& typed, const std::string& why,
               int status = kInput) const {
    INFO(typed[2]);
    const Outcome outcome = run(workspace_, typed);
    CHECK(outcome.status == status);
    CHECK_THAT(outcome.err, Catch::Contains(why));
    rusage all{};
    REQUIRE(getrusage(RUSAGE_CHILDREN, &all) == 0);
    CHECK(all.ru_maxrss < 200 * 1024);  // KiB
  }
  const Workspace& workspace() const { return workspace_; }

 private:
  Workspace workspace_;
};

// Nodes 1 and 2, each waiting for the other, or one that computes for `microseconds`.
std::string chakra(std::uint64_t first_waits_for, std::uint64_t microseconds) {
  chakra::GlobalMetadata header;
  std::string out = after_length(header);
  for (const std::uint64_t id : {1, 2}) {
    chakra::Node node;
    node.set_id(id);
    node.set_name("n" + std::to_string(id));
    node.set_type(chakra::COMP_NODE);
    node.set_duration_micros(microseconds);
    if (const std::uint64_t before = id == 1 ? first_waits_for : 1; before > 0) {
      node.add_data_deps(before);
    }
    out += after_length(node);
  }
  return out;
}

// A frame of an .rtrace file; `length`: what it says it holds.
std::string frame(trace::FrameHeader header, const std::string& message) {
  std::string out = trace::encode_frame_header(header.kind, message);
  for (std::size_t i = 0; header.length > 0 && i < 4; ++i) {
    out[i] = static_cast<char>(header.length >> (8 * i));
  }
  return out + message;
}

}  // namespace

TEST_CASE("hostile Chrome JSON is refused in a second and 200 MB") {
  const std::string event = R"({"name":")" + std::string(1000, 'a') + "\"},";
  const std::string bomb = times(packed(times(event, 16 * kMiB / event.size())), 128);  // 2 GB
  const std::string letters = times(packed(std::string(16 * kMiB, 'a')), 128);
  const Refused refused;
  refused.file("deep.json", std::string(10 * kMiB, '['), "values are nested more than 64 deep");
  refused.file("bomb.gz", packed("[") + bomb, "it expands more than 250-fold");
  refused.file("long.json.gz", packed(R"({"traceEvents":[{"name":")") + letters,
               "a value is longer than 1 MiB");
  refused.file("times.json",
               R"([{"ph":"X","pid":1,"tid":1,"name":"a","ts":-1e300,"dur":1},)"
               R"({"ph":"X","pid":1,"tid":1,"name":"a","ts":1,"dur":-5},)"
               R"({"ph":"X","pid":1,"tid":1,"name":"a","ts":1,"dur":9000000000000000000}])",
               "no event with a usable time");
}

TEST_CASE("hostile Perfetto traces are refused in a second and 200 MB") {
  const Refused refused;
  refused.file("lie.pftrace", "\x0a\xff\xff\xff\xff\x07", "no packet of a Perfetto trace");
  perfetto::TracePacket packet;
  for (std::size_t i = 0; i + 16 < kMiB; ++i) {  // of 2 bytes, and an object each
    packet.mutable_interned_data()->add_event_names();
  }
  refused.file("many.pftrace", "\x0a" + after_length(packet), "no track event in it");
  std::string ring;
  for (const std::uint64_t uuid : {1, 2}) {
    perfetto::TracePacket link;
    link.mutable_track_descriptor()->set_uuid(uuid);
    link.mutable_track_descriptor()->set_parent_uuid(3 - uuid);
    link.mutable_track_descriptor()->set_name("ring");
    ring += "\x0a" + after_length(link);
  }
  refused.file("ring.pftrace", ring, "no track event in it");
}

TEST_CASE("hostile Chakra traces are refused in a second and 200 MB") {
  const Refused refused;
  const auto rank = [&](const std::string& name, const std::string& bytes, const char* why) {
    const auto folder = refused.workspace() / name;
    std::filesystem::create_directory(folder);
    std::ofstream(folder / "t.0.et", std::ios::binary) << bytes;
    refused.command({"trace", "replay", folder.string(), "--system", "hgx-h100"}, why);
  };
  rank("lie", "\xff\xff\xff\xff\x07", "a message of 2147483647 bytes");
  rank("cycle", chakra(2, 5), "wait for each other");
  rank("lost", chakra(7, 5), "7");
  rank("huge", chakra(0, ~std::uint64_t{0} >> 1U), "more than a trace can hold");
}

TEST_CASE("hostile .rtrace files are refused or recovered in a second and 200 MB") {
  const Refused refused;
  const std::string start = trace::encode_file_header();
  const auto strings = static_cast<std::uint16_t>(rtrace::CHUNK_KIND_STRINGS);
  const std::string lie = refused.workspace().file(
      "lie.rtrace", start + frame({1U << 31U, strings, 0, 0}, "") + std::string(64, '\0'));
  std::filesystem::resize_file(lie, std::uintmax_t{1} << 32U);  // zeroes that take no room
  refused.command({"trace", "info", lie}, "a message of 2147483648 bytes; none is over 4194304");
  rtrace::Strings many;
  many.set_first_id(1);
  for (std::size_t i = 0; i < kMiB; ++i) {
    many.add_text("");
  }
  constexpr int kRecovered = 0;  // as far as it goes
  refused.file("many.rtrace", start + frame({0, strings, 0, 0}, many.SerializeAsString()), "",
               kRecovered);
  refused.file("index.rtrace", start + trace::encode_footer(~std::uint64_t{0}), "", kRecovered);
}

}  // namespace reticle::test
