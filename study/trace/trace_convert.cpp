#include "study/trace/trace_convert.h"

#include "schema/errors.h"
#include "study/trace/chrome_convert.h"
#include "study/trace/read_recording.h"
#include "study/trace/recording_files.h"
#include "study/trace/trace_kind.h"

namespace reticle::study {

std::string convert(const std::filesystem::path& in, const std::string& format,
                    const std::filesystem::path& out) {
  if (format != "rtrace" && format != "chrome" && format != "perfetto" && format != "chakra") {
    throw UsageError("--to " + format + ": no such format (rtrace, chrome, perfetto, chakra)");
  }
  const TraceKind kind = trace_kind(in);
  if (kind == TraceKind::kRtrace && format == "chrome") {
    return convert_trace(in, format, out);
  }
  const traces::Recording recording = read_recording(in);
  if (format == "rtrace") {
    write_rtrace(recording, out);
  } else if (format == "chrome") {
    write_chrome(recording, out);
  } else if (format == "perfetto") {
    write_perfetto(recording, out);
  } else {
    write_chakra(to_chakra(recording), out);
  }
  return recording.truncated.empty() ? "" : in.string() + ": " + recording.truncated;
}

}  // namespace reticle::study
