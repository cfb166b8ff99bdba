#include "study/files.h"

#include <fstream>

#include "schema/errors.h"

namespace reticle::study {

namespace fs = std::filesystem;

void write_whole(const fs::path& path, const std::string& text) {
  std::error_code error;
  const bool device = fs::exists(path, error) && !fs::is_regular_file(path, error);
  const fs::path target = device ? path : fs::path(path.string() + ".partial");
  std::ofstream out(target, std::ios::binary);
  out << text;
  out.close();
  if (!out) {
    if (!device) {
      fs::remove(target, error);
    }
    throw OutputError(path.string() +
                      ": cannot be written (is the disk full, the folder missing or read-only?)");
  }
  if (!device) {
    fs::rename(target, path, error);
    if (error) {
      throw OutputError(path.string() + ": cannot be written: " + error.message());
    }
  }
}

void make_folder(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path, error) && !fs::is_directory(path, error)) {
    throw OutputError(
        path.string() +
        ": is a file where the output folder should be (move it, or name another with --out)");
  }
  fs::create_directories(path, error);
  if (error) {
    throw OutputError(path.string() + ": cannot be made: " + error.message());
  }
}

}  // namespace reticle::study
