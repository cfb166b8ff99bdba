#include <catch2/catch.hpp>

#include "schema/errors.h"
#include "sim/trace/reader.h"
#include "tests/sim/trace/frames.h"
#include "tests/sim/trace/sample_trace.h"

namespace reticle::trace::test {
namespace {

constexpr std::uint16_t kUnknownKind = 99;

// Field 200, a varint 7; field 201, three bytes: what a later version may add to any message.
const std::string kUnknownFields = "\xc0\x0c\x07\xca\x0c\x03new";

// The sample as a later version may write it: more fields everywhere, a chunk of a new kind.
std::string later_version(const std::string& file) {
  std::vector<Piece> pieces = take_apart(file);
  rtrace::Index index;
  REQUIRE(index.ParseFromString(pieces.back().message));
  pieces.pop_back();
  pieces.insert(pieces.begin() + 2, {kUnknownKind, "bytes of no message \xff\xff"});
  rtrace::ChunkEntry added;
  added.set_kind(static_cast<ChunkKind>(kUnknownKind));
  index.mutable_chunks()->Add()->CopyFrom(added);
  for (int i = index.chunks_size() - 1; i > 2; --i) {
    index.mutable_chunks()->SwapElements(i, i - 1);
  }
  std::uint64_t offset = kFileHeaderBytes;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    pieces[i].message += pieces[i].kind == kUnknownKind ? "" : kUnknownFields;
    rtrace::ChunkEntry& entry = *index.mutable_chunks(static_cast<int>(i));
    entry.set_offset(offset);
    entry.set_length(static_cast<std::uint32_t>(pieces[i].message.size()));
    offset += kFrameHeaderBytes + pieces[i].message.size();
  }
  pieces.push_back({rtrace::CHUNK_KIND_INDEX, index.SerializeAsString() + kUnknownFields});
  return put_together(pieces);
}

std::uint64_t count_rows(Reader& reader) {
  std::uint64_t rows = 0;
  reader.each_slices([&](const SliceBlock& block) { rows += block.name.size(); });
  reader.each_samples([&](const SampleBlock& block) { rows += block.value.size(); });
  reader.each_flows([&](const std::vector<Flow>& flows) { rows += flows.size(); });
  return rows;
}

}  // namespace

TEST_CASE("taking a file apart and putting it together changes nothing") {
  const Folder dir;
  write_sample(dir / "t");
  CHECK((put_together(take_apart(bytes_of(dir / "t"))) == bytes_of(dir / "t")));
}

TEST_CASE("unknown fields and unknown kinds of chunk are skipped") {
  const Folder dir;
  write_sample(dir / "t");
  const std::string later = later_version(bytes_of(dir / "t"));
  write_bytes(dir / "later", later);
  Reader reader(dir / "later");
  CHECK(reader.notice().empty());
  CHECK(reader.summary().totals.slices == 24);
  CHECK(reader.summary().tracks.size() == 7);
  CHECK(count_rows(reader) == 24 + 6 + 6);

  write_bytes(dir / "cut", later.substr(0, later.size() - 1));
  Reader recovered(dir / "cut");
  CHECK_FALSE(recovered.notice().empty());
  CHECK(count_rows(recovered) == 24 + 6 + 6);
}

TEST_CASE("a chunk in an unknown encoding is refused") {
  const Folder dir;
  write_sample(dir / "t");
  std::string file = bytes_of(dir / "t");
  // Encoding 1 in the first frame, with a checksum that fits.
  const FrameHeader header = decode_frame_header(file.substr(kFileHeaderBytes, kFrameHeaderBytes));
  file[kFileHeaderBytes + 6] = 1;
  const std::string frame = file.substr(kFileHeaderBytes, 8) +
                            file.substr(kFileHeaderBytes + kFrameHeaderBytes, header.length);
  std::uint32_t crc = ~0U;  // CRC-32, reflected 0xEDB88320
  for (const char c : frame) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
    }
  }
  crc = ~crc;
  for (std::size_t i = 0; i < 4; ++i) {
    file[kFileHeaderBytes + 8 + i] = static_cast<char>((crc >> (8 * i)) & 0xff);
  }
  write_bytes(dir / "t", file);
  CHECK(
      error_of<InputError>([&] { Reader(dir / "t"); }) ==
      (dir / "t").string() +
          ": chunk at byte 16: stored in encoding 1, which this program does not know: a newer one "
          "wrote it");
}

}  // namespace reticle::trace::test
