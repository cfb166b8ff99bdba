#pragma once

#include <filesystem>

#include "workloads/traces/chakra.h"
#include "workloads/traces/recording.h"

namespace reticle::study {

// The recording in an .rtrace file: what write_rtrace wrote comes back equal, and Reticle's own
// runs are understood too (slices of streams are kernels). Errors as trace::Reader.
traces::Recording read_rtrace(const std::filesystem::path& path);

// Writers of a recording. OutputError: the file.
void write_rtrace(const traces::Recording& recording, const std::filesystem::path& path);
// Chrome JSON with the keys that Kineto uses; times start at 0.
void write_chrome(const traces::Recording& recording, const std::filesystem::path& path);
// Perfetto's protobuf. Its times are nanoseconds: what is below is cut off.
void write_perfetto(const traces::Recording& recording, const std::filesystem::path& path);

// The recording's launch graph as a Chakra trace of one rank: a node a launching call (is_cpu_op)
// and a node a kernel, each waiting for what the graph says. Kernels that a profiler annotated as
// NCCL collectives become collectives, all others computation of the recorded time.
traces::ChakraTrace to_chakra(const traces::Recording& recording);

}  // namespace reticle::study
