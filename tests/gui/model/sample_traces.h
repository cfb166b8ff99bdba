#pragma once

#include <filesystem>
#include <string>

#include "tests/support/folder.h"

namespace reticle::gui::test {

using reticle::test::Folder;

// 0 to 1000 ns. Rank "rank 0" with a counter "power" (100 W from 0, 300 W from 500 ns) and two
// streams: "compute" has "gemm" 100..300 ns (with tile loads of 10 ns at 100 and 200 inside it) and
// 600..900 ns, "comm" has "dispatch" 300..600 ns. A flow leads from the first gemm to dispatch, and
// one from dispatch to the second gemm. The first gemm has flops = 1000000.
void write_two_streams(const std::filesystem::path& path);

// A track with `count` slices of 3 ns every 4 ns, named a, b, a, b, ...
void write_dense(const std::filesystem::path& path, std::size_t count);

void write_empty(const std::filesystem::path& path);

}  // namespace reticle::gui::test
