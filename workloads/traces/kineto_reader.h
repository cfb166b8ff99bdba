#pragma once

#include <filesystem>
#include <functional>

#include "workloads/traces/recording.h"

namespace reticle::traces {

// Reads a Chrome trace as Kineto (torch.profiler) and others write it: JSON, plain or gzip.
// Streams: memory grows with what is kept (about 45 bytes a slice), not with the file. Oddities of
// real files are counted, and a file cut short is read as far as it goes (Recording::truncated says
// where). Errors: UsageError: no such file. InputError: no JSON, no events, or what only a hostile
// file has: a value of more than a megabyte, nesting over 64, gzip that expands 250-fold.
// `progress`: as TextInput's; a reading that it ends is like a file cut short there.
Recording read_kineto(const std::filesystem::path& path,
                      const std::function<bool(double)>& progress = {});

}  // namespace reticle::traces
