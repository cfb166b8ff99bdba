#include "study/trace/trace_kind.h"

#include <fstream>
#include <string>

#include "schema/errors.h"
#include "sim/trace/format.h"

namespace reticle::study {
namespace {

constexpr char kPacketTag[] = "\x0a";  // field 1 of Perfetto's Trace, a message

}  // namespace

TraceKind trace_kind(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored) || path.extension() == ".et") {
    return TraceKind::kChakra;
  }
  if (!std::filesystem::is_regular_file(path, ignored)) {
    throw UsageError(path.string() + ": no such file");
  }
  std::string start(trace::kMagic.size(), '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(in.gcount()));
  if (start == trace::kMagic || path.extension() == ".rtrace") {
    return TraceKind::kRtrace;
  }
  const std::size_t first = start.find_first_not_of(" \t\r\n");
  const bool json = first != std::string::npos && (start[first] == '{' || start[first] == '[');
  if (json || start.rfind("\x1f\x8b", 0) == 0) {
    return TraceKind::kJson;
  }
  if (start.rfind(kPacketTag, 0) == 0 || path.extension() == ".pftrace") {
    return TraceKind::kPerfetto;
  }
  throw InputError(path.string() +
                   ": no trace that Reticle reads (.rtrace, Chrome or Kineto JSON, plain or gzip, "
                   "Perfetto protobuf, a directory of Chakra .et files)");
}

}  // namespace reticle::study
