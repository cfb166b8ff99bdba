#pragma once

#include <filesystem>
#include <string>

#include "sim/trace/recorder.h"
#include "tests/support/error_of.h"
#include "tests/support/folder.h"

namespace reticle::trace::test {

using reticle::test::bytes_of;
using reticle::test::error_of;
using reticle::test::Folder;

void write_bytes(const std::filesystem::path& path, const std::string& bytes);

// Two ranks with two streams each: nested slices, arguments of every type, a counter, a flow; small
// chunks, so that each lane crosses them.
void write_sample(const std::filesystem::path& path);

}  // namespace reticle::trace::test
