#pragma once

#include <string>

#include "sim/trace/input_file.h"
#include "sim/trace/summary.h"

namespace reticle::trace {

// Fills a summary from the whole frames of a file without an index: reads up to the index or to
// where the file is cut, and counts the totals anew. Returns what to tell the user. InputError: a
// whole frame is damaged.
std::string recover(InputFile& file, Summary& summary);

// InputError for a chunk that is stored in a way this version does not know.
void check_encoding(const InputFile& file, std::uint64_t offset, const FrameHeader& header);

}  // namespace reticle::trace
