#pragma once

#include <filesystem>
#include <string>

#include "tests/support/error_of.h"
#include "tests/support/folder.h"

namespace reticle::traces::test {

using reticle::test::bytes_of;
using reticle::test::error_of;
using reticle::test::Folder;

// Writes a file of the folder, compressed, and returns its path.
std::filesystem::path gzip(const Folder& folder, const std::string& name, const std::string& bytes);

std::filesystem::path sample();  // a made-up step, tests/workloads/traces/sample.json

}  // namespace reticle::traces::test
