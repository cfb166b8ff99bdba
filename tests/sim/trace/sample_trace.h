#pragma once

#include <filesystem>
#include <string>

#include "sim/trace/recorder.h"

namespace reticle::trace::test {

// A directory of its own, removed at the end.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::string bytes_of(const std::filesystem::path& path);
void write_bytes(const std::filesystem::path& path, const std::string& bytes);

// Two ranks with two streams each: nested slices, arguments of every type, a counter, a flow; small
// chunks, so that each lane crosses them.
void write_sample(const std::filesystem::path& path);

// The error text of what() is expected to throw; fails if it throws nothing of that type.
template <class Exception, class Work>
std::string error_of(Work work) {
  try {
    work();
  } catch (const Exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace reticle::trace::test
