#pragma once

#include <filesystem>
#include <string>

namespace reticle::study {

// Writes a file beside its place and renames it, so that it is whole or absent; a device such as
// /dev/stdout is written directly. OutputError if it cannot be done.
void write_whole(const std::filesystem::path& path, const std::string& text);

// Makes the folder a run writes to. OutputError if a file is in the way or it cannot be made.
void make_folder(const std::filesystem::path& path);

}  // namespace reticle::study
