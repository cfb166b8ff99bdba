#pragma once

#include <filesystem>
#include <string>

namespace reticle::traces::test {

// A folder that is gone afterwards.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  // Writes a file and returns its path.
  std::filesystem::path file(const std::string& name, const std::string& bytes) const;
  std::filesystem::path gzip(const std::string& name, const std::string& bytes) const;

 private:
  std::filesystem::path path_;
};

std::string bytes_of(const std::filesystem::path& path);
std::filesystem::path sample();  // a made-up step, tests/workloads/traces/sample.json

// The text of the error of that type that `work` throws.
template <class Exception, class Work>
std::string error_of(Work work) {
  try {
    work();
  } catch (const Exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace reticle::traces::test
