#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace reticle::study::test {

// A folder `validation/` of a test's own: one table, one set.
class Folder {
 public:
  Folder() { std::filesystem::create_directories(path_ / "sets"); }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
  }
  // A set of GEMMs on h100-sxm, with lines of its own.
  void set(const std::string& name, const std::string& lines) const {
    write("sets/" + name + ".yaml",
          "title: T\nop: gemm\ntable: t.csv\nsource: made up\ngrade: A\n" + lines);
  }

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("reticle-validate-" + std::to_string(::getpid()));
};

inline const char* const kLimit = "limit: {median_ape: 0.1, p90_ape: 0.3}\n";

}  // namespace reticle::study::test
