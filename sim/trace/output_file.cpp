#include "sim/trace/output_file.h"

#include <cerrno>
#include <cstring>

#include "schema/errors.h"

namespace reticle::trace {
namespace {

namespace fs = std::filesystem;

// A link is followed, so that the rename replaces the file and not the link.
fs::path resolve(const fs::path& path) {
  std::error_code ignored;
  fs::path target = fs::is_symlink(path, ignored) ? fs::canonical(path, ignored) : path;
  return target.empty() ? path : target;
}

bool written_in_place(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) && !fs::is_regular_file(path, ignored);
}

}  // namespace

OutputFile::OutputFile(const fs::path& path) : path_(resolve(path)), part_(path_) {
  if (!written_in_place(path_)) {
    part_ += ".part";
  }
  file_ = std::fopen(part_.c_str(), "wb");
  if (file_ == nullptr) {
    fail(errno);
  }
}

OutputFile::~OutputFile() {
  if (file_ == nullptr) {
    return;
  }
  std::fclose(file_);
  if (part_ != path_) {
    std::error_code ignored;
    fs::remove(part_, ignored);
  }
}

void OutputFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) {
    fail(errno);
  }
  size_ += bytes.size();
}

void OutputFile::flush() {
  if (std::fflush(file_) != 0) {
    fail(errno);
  }
}

void OutputFile::commit() {
  flush();
  int closed = std::fclose(file_);
  file_ = nullptr;
  if (closed != 0) {
    fail(errno);
  }
  if (part_ != path_ && std::rename(part_.c_str(), path_.c_str()) != 0) {
    fail(errno);
  }
}

void OutputFile::fail(int error) const {
  throw OutputError("cannot write " + path_.string() + ": " + std::strerror(error));
}

}  // namespace reticle::trace
