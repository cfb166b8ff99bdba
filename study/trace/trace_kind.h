#pragma once

#include <filesystem>

namespace reticle::study {

enum class TraceKind { kRtrace, kJson, kPerfetto, kChakra };

// By the first bytes of a file; a directory and what is named *.et is Chakra. UsageError: there is
// nothing of that name. InputError: none of them.
TraceKind trace_kind(const std::filesystem::path& path);

}  // namespace reticle::study
