#pragma once

#include <filesystem>
#include <string>

namespace reticle::test {

// A folder of a test's own, gone afterwards.
class Folder {
 public:
  Folder();  // std::runtime_error if there is no room for one
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  // Writes a file, with the folders it is in, and returns its path.
  std::filesystem::path write(const std::string& name, const std::string& bytes) const;

 private:
  std::filesystem::path path_;
};

std::string bytes_of(const std::filesystem::path& path);

}  // namespace reticle::test
