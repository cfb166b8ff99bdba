#pragma once

#include <filesystem>
#include <memory>

#include "sim/trace/reader.h"

namespace reticle::study {

// Opens an .rtrace file, known by its first bytes. UsageError: no such file, or a trace of another
// kind, which cannot be read yet. InputError: damaged.
std::unique_ptr<trace::Reader> open_trace(const std::filesystem::path& path);

}  // namespace reticle::study
