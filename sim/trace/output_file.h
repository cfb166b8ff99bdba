#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

namespace reticle::trace {

// A file that appears whole or not at all: bytes go to PATH.part, and commit() renames it. A path
// that is no regular file (a pipe, /dev/full) is written in place. Without commit() the part is
// removed. Throws OutputError naming PATH.
class OutputFile {
 public:
  explicit OutputFile(const std::filesystem::path& path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void write(std::string_view bytes);
  std::uint64_t size() const { return size_; }
  void flush();  // so that a reader, or a kill, finds what was written
  void commit();

 private:
  [[noreturn]] void fail(int error) const;

  std::filesystem::path path_;
  std::filesystem::path part_;  // what is written: path_ itself if it is no regular file
  std::FILE* file_ = nullptr;
  std::uint64_t size_ = 0;
};

}  // namespace reticle::trace
