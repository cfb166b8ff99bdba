#include "sim/trace/format.h"

#include <zlib.h>

namespace reticle::trace {
namespace {

constexpr std::size_t kBitsPerByte = 8;
constexpr std::size_t kCheckedHeaderBytes = 8;

void append_integer(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) {
    out.push_back(static_cast<char>((value >> (kBitsPerByte * i)) & 0xff));
  }
}

std::uint32_t crc(std::string_view header, std::string_view message) {
  auto bytes = [](std::string_view v) { return reinterpret_cast<const Bytef*>(v.data()); };
  uLong sum = crc32_z(0, bytes(header), header.size());
  return static_cast<std::uint32_t>(crc32_z(sum, bytes(message), message.size()));
}

}  // namespace

std::string encode_file_header() {
  std::string out(kMagic);
  append_integer(out, kVersion, 4);
  append_integer(out, 0, 4);
  return out;
}

std::string encode_frame_header(std::uint16_t kind, std::string_view message) {
  std::string out;
  append_integer(out, message.size(), 4);
  append_integer(out, kind, 2);
  append_integer(out, kPlain, 2);
  append_integer(out, crc(out, message), 4);
  return out;
}

std::string encode_footer(std::uint64_t index_offset) {
  std::string out;
  append_integer(out, index_offset, 8);
  out += kEndMagic;
  return out;
}

std::uint64_t decode_integer(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (kBitsPerByte * i);
  }
  return value;
}

FrameHeader decode_frame_header(std::string_view bytes) {
  FrameHeader header;
  header.length = static_cast<std::uint32_t>(decode_integer(bytes.substr(0, 4)));
  header.kind = static_cast<std::uint16_t>(decode_integer(bytes.substr(4, 2)));
  header.encoding = static_cast<std::uint16_t>(decode_integer(bytes.substr(6, 2)));
  header.crc = static_cast<std::uint32_t>(decode_integer(bytes.substr(8, 4)));
  return header;
}

bool crc_matches(std::string_view header, std::string_view message) {
  return decode_frame_header(header).crc == crc(header.substr(0, kCheckedHeaderBytes), message);
}

}  // namespace reticle::trace
