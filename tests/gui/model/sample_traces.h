#pragma once

#include <filesystem>
#include <string>

#include "tests/support/folder.h"

namespace reticle::gui::test {

using reticle::test::bytes_of;
using reticle::test::Folder;

// 0 to 1000 ns. Rank "rank 0" with a counter "power" (100 W from 0, 300 W from 500 ns) and two
// streams: "compute" has "gemm" 100..300 ns (with tile loads of 10 ns at 100 and 200 inside it) and
// 600..900 ns, "comm" has "dispatch" 300..600 ns. A flow leads from the first gemm to dispatch, and
// one from dispatch to the second gemm. The first gemm has flops = 1000000.
void write_two_streams(const std::filesystem::path& path);

// A track with `count` slices of 3 ns every 4 ns, named a, b, a, b, ...
void write_dense(const std::filesystem::path& path, std::size_t count,
                 std::size_t rows_per_chunk = 65536);

// Two ranks of a machine with 1 TB/s and 100 Top/s (bfloat16), each with a stream: rank 0 does
// "gemm" 0..1 us (1e8 operations, 1e5 bytes, bound by tensor, 1 mJ) and "norm" 1.5..2 us (1e6, 4e5,
// hbm, 0.2 mJ), rank 1 the same with a gemm of 1.5 us; "norm" waits for a transfer
// "dispatch" 1..1.4 us of rank 0 (1.5..1.6 us of rank 1) on a stream of its own. Power 1 kW on
// both, load of two expert slots 10 and 30 tokens on rank 0, 20 and 20 on rank 1. All durations of
// slices named gemm are `stretch` times as long, and what follows comes later.
void write_two_ranks(const std::filesystem::path& path, double stretch = 1);

// What a profiler writes: a host process 9 with a thread (op with a launch inside), and GPU 0 with
// streams 7 and 20: gemm 10..30 us on 7, ncclAllReduce 30..60 us on 20, add 60..65 us on 7, tied to
// their launches by correlation and arrows.
std::string kineto_json();

void write_empty(const std::filesystem::path& path);

}  // namespace reticle::gui::test
