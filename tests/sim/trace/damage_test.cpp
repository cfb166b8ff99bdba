#include <catch2/catch.hpp>

#include "schema/errors.h"
#include "sim/trace/reader.h"
#include "tests/sim/trace/frames.h"
#include "tests/sim/trace/sample_trace.h"

namespace reticle::trace::test {
namespace {

struct Fixture {
  Folder dir;
  std::filesystem::path path = dir / "t.rtrace";
  std::string file;

  Fixture() {
    write_sample(path);
    file = bytes_of(path);
  }

  void rewrite(const std::string& bytes) const { write_bytes(path, bytes); }

  // What opening and reading everything says, without the file's name.
  std::string refusal() const {
    const std::string text = error_of<InputError>([&] {
      Reader reader(path);
      reader.each_slices([](const SliceBlock&) {});
    });
    return text.compare(0, path.string().size(), path.string()) == 0
               ? text.substr(path.string().size())
               : text;
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "what is no .rtrace file") {
  CHECK(error_of<UsageError>([&] { Reader(dir / "none"); }) ==
        (dir / "none").string() + ": no such file");
  rewrite("");
  CHECK(refusal() == ": not an .rtrace file: 0 bytes are too few");
  rewrite(file.substr(0, 15));
  CHECK(refusal() == ": not an .rtrace file: 15 bytes are too few");
  rewrite("{\"traceEvents\": []}");
  CHECK(refusal() == ": not an .rtrace file: it does not start with the magic bytes");
  file[8] = 2;
  rewrite(file);
  CHECK(refusal() == ": .rtrace version 2, this program reads version 1");
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  CHECK(refusal() == ": not a regular file");
}

TEST_CASE_METHOD(Fixture, "a file cut anywhere gives the whole chunks before the cut") {
  const Reader whole(path);
  const std::uint64_t slices = whole.summary().totals.slices;
  std::uint64_t most = 0;
  for (std::size_t size = kFileHeaderBytes; size < file.size(); ++size) {
    rewrite(file.substr(0, size));
    Reader reader(path);
    INFO("cut at " << size);
    REQUIRE_FALSE(reader.notice().empty());
    std::uint64_t rows = 0;
    reader.each_slices([&](const SliceBlock& block) { rows += block.name.size(); });
    REQUIRE(rows == reader.summary().totals.slices);
    REQUIRE(rows >= most);
    most = rows;
  }
  CHECK(most == slices);
}

TEST_CASE_METHOD(Fixture, "a lost index is counted anew, to the same totals") {
  rewrite(file.substr(0, file.size() - 1));
  const Reader recovered(path);
  std::size_t frames = take_apart(file).size() - 1;
  const std::size_t index =
      file.size() - kFooterBytes - kFrameHeaderBytes - take_apart(file).back().message.size();
  CHECK(recovered.notice() ==
        "no whole index at the end (cut short, or its writer was stopped); recovered " +
            std::to_string(frames) + " whole chunks, up to byte " + std::to_string(index) + " of " +
            std::to_string(file.size() - 1));
  rtrace::Index rebuilt;
  to_index(recovered.summary().totals, rebuilt);
  for (const rtrace::ChunkEntry& chunk : recovered.summary().chunks) {
    *rebuilt.add_chunks() = chunk;
  }
  CHECK((rebuilt.SerializeAsString() == take_apart(file).back().message));
}

TEST_CASE_METHOD(Fixture, "a damaged chunk is named by its place") {
  file[kFileHeaderBytes + kFrameHeaderBytes] ^= 1;
  rewrite(file);
  CHECK(refusal() == ": chunk at byte 16: damaged (its checksum does not match)");
}

TEST_CASE_METHOD(Fixture, "every flipped bit is noticed") {
  for (std::size_t at = 0; at < file.size(); ++at) {
    if (at >= 12 && at < kFileHeaderBytes) {
      continue;  // reserved
    }
    std::string bytes = file;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
    rewrite(bytes);
    bool noticed = false;
    try {
      Reader reader(path);
      reader.each_slices([](const SliceBlock&) {});
      reader.each_samples([](const SampleBlock&) {});
      reader.each_flows([](const std::vector<Flow>&) {});
      noticed = !reader.notice().empty();
    } catch (const InputError&) {
      noticed = true;
    }
    INFO("byte " << at);
    REQUIRE(noticed);
  }
}

namespace {

// The sample with one message changed and every checksum right.
template <class Message, class Change>
std::string with(const std::string& file, ChunkKind kind, Change change) {
  std::vector<Piece> pieces = take_apart(file);
  for (Piece& piece : pieces) {
    if (piece.kind == kind) {
      Message message;
      REQUIRE(message.ParseFromString(piece.message));
      change(message);
      piece.message = message.SerializeAsString();
      break;
    }
  }
  pieces.pop_back();
  return put_together(pieces);  // no index: everything is checked at once
}

std::string reason(const std::string& refusal) { return refusal.substr(refusal.find(": ", 3) + 2); }

}  // namespace

TEST_CASE_METHOD(Fixture, "slices against the rules are refused with the rule") {
  using rtrace::Slices;
  auto changed = [&](auto change) {
    rewrite(with<Slices>(file, rtrace::CHUNK_KIND_SLICES, change));
    return reason(refusal());
  };
  CHECK(changed([](Slices& s) { s.add_name(1); }) == "slice columns differ in length");
  CHECK(changed([](Slices& s) { s.add_lane_depth(0); }) == "lane columns differ in length");
  CHECK(changed([](Slices& s) { s.set_lane_rows(0, 9); }) == "lanes and rows differ in number");
  CHECK(changed([](Slices& s) { s.set_lane_track(0, 0); }) == "track that is not in the table");
  CHECK(changed([](Slices& s) { s.set_lane_track(0, 8); }) == "track that is not in the table");
  CHECK(changed([](Slices& s) { s.set_lane_depth(0, 1024); }) == "depth out of range");
  CHECK(changed([](Slices& s) { s.set_name(0, 99); }) == "string that is not in the table");
  CHECK(changed([](Slices& s) { s.set_base_ps(~0ULL); }) == "time beyond 2^63 - 1 ps");
  CHECK(changed([](Slices& s) { s.set_duration_ps(0, ~0ULL >> 1); }) != "nothing was thrown");
  CHECK(changed([](Slices& s) { s.set_lane_first(0, 1); }) ==
        "slices of a lane are not numbered in order");
  CHECK(changed([](Slices& s) { s.mutable_args(0)->add_double_value(1); }) ==
        "argument column without one type");
  CHECK(changed([](Slices& s) { s.mutable_args(0)->set_row(0, 99); }) ==
        "argument of a row that does not exist");
  CHECK(changed([](Slices& s) { s.mutable_args(0)->add_row(1); }) ==
        "argument rows and values differ in number");
}

TEST_CASE_METHOD(Fixture, "tables and counters against the rules are refused with the rule") {
  rewrite(with<rtrace::Tracks>(file, rtrace::CHUNK_KIND_TRACKS,
                               [](rtrace::Tracks& t) { t.mutable_track(0)->set_parent(1); }));
  CHECK(reason(refusal()) == "track whose parent comes after it");
  rewrite(with<rtrace::Strings>(file, rtrace::CHUNK_KIND_STRINGS,
                                [](rtrace::Strings& s) { s.set_first_id(2); }));
  CHECK(reason(refusal()) == "table of strings does not follow on");
  rewrite(with<rtrace::Samples>(file, rtrace::CHUNK_KIND_SAMPLES,
                                [](rtrace::Samples& s) { s.set_gap_ps(1, 0); }));
  CHECK(reason(refusal()) == "times of a counter do not increase");
  rewrite(with<rtrace::Flows>(file, rtrace::CHUNK_KIND_FLOWS,
                              [](rtrace::Flows& f) { f.set_from_ps(0, -1); }));
  CHECK(reason(refusal()) == "time out of range");
}

}  // namespace reticle::trace::test
