#include "study/files.h"

#include "schema/errors.h"
#include "sim/trace/output_file.h"

namespace reticle::study {

namespace fs = std::filesystem;

void write_whole(const fs::path& path, const std::string& text) {
  trace::OutputFile out(path);
  out.write(text);
  out.commit();
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
