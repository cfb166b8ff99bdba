#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "sim/trace/format.h"

namespace reticle::trace {

struct Frame {
  FrameHeader header;
  std::string message;
};

// The frames of an .rtrace file, by place. UsageError: no such file. InputError: not an .rtrace
// file of this version, cannot be read, or damaged there.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path);

  std::uint64_t size() const { return size_; }
  std::string read(std::uint64_t offset, std::uint64_t bytes);

  // Whether a frame that starts here also ends in the file.
  bool holds_frame(std::uint64_t offset);
  Frame frame(std::uint64_t offset);

  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void fail_at(std::uint64_t offset, const std::string& what) const;

 private:
  void check_header();

  std::filesystem::path path_;
  std::ifstream stream_;
  std::uint64_t size_ = 0;
};

}  // namespace reticle::trace
