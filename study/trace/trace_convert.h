#pragma once

#include <filesystem>
#include <string>

namespace reticle::study {

// `trace convert IN OUT --to FORMAT`: rtrace, chrome, perfetto or chakra, from an .rtrace file,
// Chrome JSON (plain or gzip) or Perfetto's protobuf. Chakra writes one rank's file. From .rtrace
// to Chrome JSON memory does not grow with the trace; else the recording is held (about 45 bytes a
// slice). Returns what is to be warned of, or an empty text. UsageError: no such file, an unknown
// format, or IN is Chakra (which has no times of its own: replay it). InputError: IN is damaged
// (OUT does not appear). OutputError: OUT.
std::string convert(const std::filesystem::path& in, const std::string& format,
                    const std::filesystem::path& out);

}  // namespace reticle::study
