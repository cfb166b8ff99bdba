#include "study/trace/read_recording.h"

#include "schema/errors.h"
#include "study/trace/recording_files.h"
#include "study/trace/trace_kind.h"
#include "workloads/traces/kineto_reader.h"
#include "workloads/traces/perfetto_reader.h"

namespace reticle::study {

traces::Recording read_recording(const std::filesystem::path& path,
                                 const std::function<bool(double)>& progress) {
  switch (trace_kind(path)) {
    case TraceKind::kRtrace:
      return read_rtrace(path);
    case TraceKind::kJson:
      return traces::read_kineto(path, progress);
    case TraceKind::kPerfetto:
      return traces::read_perfetto(path, progress);
    case TraceKind::kChakra:
      break;
  }
  throw UsageError(path.string() +
                   ": a Chakra trace says what waits for what, not when (reticle trace replay)");
}

}  // namespace reticle::study
