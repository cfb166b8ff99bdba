#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// The bytes of an .rtrace file around its protobuf messages (schema/trace.proto, docs/trace.md).
// All integers are little-endian.
namespace reticle::trace {

constexpr std::string_view kMagic{"\x89RTRACE\n", 8};
constexpr std::string_view kEndMagic{"\x89RTREND\n", 8};
constexpr std::uint32_t kVersion = 1;
constexpr std::uint16_t kPlain = 0;  // encoding of a frame: the message as it is

constexpr std::size_t kFileHeaderBytes = 16;
constexpr std::size_t kFrameHeaderBytes = 12;
constexpr std::size_t kFooterBytes = 16;

constexpr std::uint32_t kMaxDepth = 1024;

// Of a frame, in bytes. A message in memory is up to 36 times its bytes, so a reader can bound what
// a hostile file takes; 65,536 rows are 1 MiB, and an index of 100,000 tracks 3.
constexpr std::uint32_t kLongestMessage = 4 * 1024 * 1024;

struct FrameHeader {
  std::uint32_t length = 0;
  std::uint16_t kind = 0;
  std::uint16_t encoding = kPlain;
  std::uint32_t crc = 0;  // CRC-32 (zlib) of the 8 bytes before it and the message
};

std::string encode_file_header();
std::string encode_frame_header(std::uint16_t kind, std::string_view message);
std::string encode_footer(std::uint64_t index_offset);

std::uint64_t decode_integer(std::string_view bytes);
FrameHeader decode_frame_header(std::string_view bytes);
bool crc_matches(std::string_view header, std::string_view message);

}  // namespace reticle::trace
