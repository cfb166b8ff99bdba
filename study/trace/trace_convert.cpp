#include "study/trace/trace_convert.h"

#include "schema/errors.h"
#include "study/trace/chrome_convert.h"
#include "study/trace/recording_files.h"
#include "study/trace/trace_kind.h"
#include "workloads/traces/kineto_reader.h"

namespace reticle::study {

std::string convert(const std::filesystem::path& in, const std::string& format,
                    const std::filesystem::path& out) {
  if (format != "rtrace" && format != "chrome" && format != "chakra") {
    throw UsageError("--to " + format + ": no such format (rtrace, chrome, chakra)");
  }
  const TraceKind kind = trace_kind(in);
  if (kind == TraceKind::kChakra) {
    throw UsageError(in.string() +
                     ": a Chakra trace says what waits for what, not when (reticle trace replay)");
  }
  if (kind == TraceKind::kRtrace && format == "chrome") {
    return convert_trace(in, format, out);
  }
  const traces::Recording recording =
      kind == TraceKind::kRtrace ? read_rtrace(in) : traces::read_kineto(in);
  if (format == "rtrace") {
    write_rtrace(recording, out);
  } else if (format == "chrome") {
    write_chrome(recording, out);
  } else {
    write_chakra(to_chakra(recording), out);
  }
  return recording.truncated.empty() ? "" : in.string() + ": " + recording.truncated;
}

}  // namespace reticle::study
