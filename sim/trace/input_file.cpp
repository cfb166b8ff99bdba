#include "sim/trace/input_file.h"

#include "schema/errors.h"

namespace reticle::trace {

namespace fs = std::filesystem;

InputFile::InputFile(const fs::path& path) : path_(path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    throw UsageError(path.string() + ": no such file");
  }
  if (!fs::is_regular_file(path, error)) {
    fail("not a regular file");
  }
  size_ = fs::file_size(path, error);
  stream_.open(path, std::ios::binary);
  if (error || !stream_) {
    fail("cannot be read");
  }
  check_header();
}

void InputFile::check_header() {
  if (size_ < kFileHeaderBytes) {
    fail("not an .rtrace file: " + std::to_string(size_) + " bytes are too few");
  }
  const std::string header = read(0, kFileHeaderBytes);
  if (header.compare(0, kMagic.size(), kMagic) != 0) {
    fail("not an .rtrace file: it does not start with the magic bytes");
  }
  const std::uint64_t version = decode_integer(std::string_view(header).substr(kMagic.size(), 4));
  if (version != kVersion) {
    fail(".rtrace version " + std::to_string(version) + ", this program reads version " +
         std::to_string(kVersion));
  }
}

std::string InputFile::read(std::uint64_t offset, std::uint64_t bytes) {
  if (offset > size_ || bytes > size_ - offset) {
    fail("cut short at byte " + std::to_string(size_));
  }
  std::string out(bytes, '\0');
  stream_.clear();
  stream_.seekg(static_cast<std::streamoff>(offset));
  stream_.read(out.data(), static_cast<std::streamsize>(bytes));
  if (!stream_) {
    fail_at(offset, "cannot be read");
  }
  return out;
}

bool InputFile::holds_frame(std::uint64_t offset) {
  if (offset > size_ || size_ - offset < kFrameHeaderBytes) {
    return false;
  }
  const FrameHeader header = decode_frame_header(read(offset, kFrameHeaderBytes));
  return header.length <= size_ - offset - kFrameHeaderBytes;
}

Frame InputFile::frame(std::uint64_t offset) {
  const std::string header = read(offset, kFrameHeaderBytes);
  Frame frame{decode_frame_header(header), {}};
  if (frame.header.length > kLongestMessage) {
    fail_at(offset, "a message of " + std::to_string(frame.header.length) +
                        " bytes; none is over " + std::to_string(kLongestMessage));
  }
  frame.message = read(offset + kFrameHeaderBytes, frame.header.length);
  if (!crc_matches(header, frame.message)) {
    fail_at(offset, "damaged (its checksum does not match)");
  }
  return frame;
}

void InputFile::fail(const std::string& what) const {
  throw InputError(path_.string() + ": " + what);
}

void InputFile::fail_at(std::uint64_t offset, const std::string& what) const {
  fail("chunk at byte " + std::to_string(offset) + ": " + what);
}

}  // namespace reticle::trace
