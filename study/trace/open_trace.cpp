#include "study/trace/open_trace.h"

#include <fstream>
#include <string>

#include "schema/errors.h"
#include "sim/trace/format.h"

namespace reticle::study {
namespace {

bool has_magic(const std::filesystem::path& path) {
  std::string start(trace::kMagic.size(), '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(start.data(), static_cast<std::streamsize>(start.size()));
  return in && start == trace::kMagic;
}

}  // namespace

std::unique_ptr<trace::Reader> open_trace(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored) && path.extension() != ".rtrace" &&
      !has_magic(path)) {
    throw UsageError(path.string() +
                     ": not an .rtrace file; import of Chrome, Kineto, Perfetto and Chakra traces: "
                     "not yet");
  }
  return std::make_unique<trace::Reader>(path);
}

}  // namespace reticle::study
