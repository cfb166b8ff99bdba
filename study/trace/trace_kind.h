#pragma once

#include <filesystem>

namespace reticle::study {

enum class TraceKind { kRtrace, kJson, kChakra };

// By the first bytes of a file; a directory and what is named *.et is Chakra. UsageError: there is
// nothing of that name. InputError: none of them (Perfetto's protobuf: not yet).
TraceKind trace_kind(const std::filesystem::path& path);

}  // namespace reticle::study
