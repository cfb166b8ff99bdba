#pragma once

#include <filesystem>
#include <string>

namespace reticle::study {

// `trace convert IN --to FORMAT OUT`; the one format so far is chrome, the JSON that
// chrome://tracing and ui.perfetto.dev open. Streams: memory does not grow with the trace. A rank
// or host is a process, its tracks are threads; tracks outside of them belong to the process of
// their root. Times are microseconds with all digits of the picoseconds. Returns the notice of a
// file without an index, else an empty text. UsageError: unknown format, and what open_trace
// throws. InputError: IN is damaged (OUT does not appear). OutputError: OUT.
std::string convert_trace(const std::filesystem::path& in, const std::string& format,
                          const std::filesystem::path& out);

}  // namespace reticle::study
