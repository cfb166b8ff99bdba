#include "tests/workloads/traces/support.h"

#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace reticle::traces::test {

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "reticle-traces-XXXXXX").string();
  path_ = mkdtemp(name.data());
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path Folder::file(const std::string& name, const std::string& bytes) const {
  std::ofstream(path_ / name, std::ios::binary) << bytes;
  return path_ / name;
}

std::filesystem::path Folder::gzip(const std::string& name, const std::string& bytes) const {
  const std::filesystem::path path = path_ / name;
  gzFile out = gzopen(path.c_str(), "wb9");
  gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(out);
  return path;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

std::filesystem::path sample() {
  return std::filesystem::path(RETICLE_SOURCE_DIR) / "tests/workloads/traces/sample.json";
}

}  // namespace reticle::traces::test
