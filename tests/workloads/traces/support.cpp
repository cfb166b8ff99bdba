#include "tests/workloads/traces/support.h"

#include <zlib.h>

namespace reticle::traces::test {

std::filesystem::path gzip(const Folder& folder, const std::string& name,
                           const std::string& bytes) {
  const std::filesystem::path path = folder / name;
  gzFile out = gzopen(path.c_str(), "wb9");
  gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(out);
  return path;
}

std::filesystem::path sample() {
  return std::filesystem::path(RETICLE_SOURCE_DIR) / "tests/workloads/traces/sample.json";
}

}  // namespace reticle::traces::test
