// libFuzzer entry (scripts/fuzz rtrace): Reticle's own traces, up to their launch graph.
#include <zlib.h>

#include <vector>

#include "schema/errors.h"
#include "sim/trace/format.h"
#include "study/trace/recording_files.h"
#include "tests/fuzz/memory_file.h"
#include "workloads/traces/launch_graph.h"

namespace {

namespace trace = reticle::trace;

// Makes the checksum of every frame right, so that mutations come past it.
void sign_frames(std::vector<std::uint8_t>& bytes) {
  constexpr std::size_t kChecked = 8;  // of a frame's header; its checksum follows
  std::size_t at = trace::kFileHeaderBytes;
  while (at + trace::kFrameHeaderBytes <= bytes.size()) {
    const std::string header(
        bytes.begin() + static_cast<std::ptrdiff_t>(at),
        bytes.begin() + static_cast<std::ptrdiff_t>(at + trace::kFrameHeaderBytes));
    const std::size_t length = trace::decode_frame_header(header).length;
    const std::size_t message = at + trace::kFrameHeaderBytes;
    if (length > bytes.size() - message) {
      return;
    }
    uLong crc = crc32(0, bytes.data() + at, kChecked);
    crc = crc32(crc, bytes.data() + message, static_cast<uInt>(length));
    for (std::size_t i = 0; i < 4; ++i) {
      bytes[at + kChecked + i] = static_cast<std::uint8_t>(crc >> (8 * i));
    }
    at = message + length;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> bytes(data, data + size);
  sign_frames(bytes);
  const reticle::fuzz::MemoryFile file(bytes.data(), bytes.size());
  try {
    reticle::traces::launch_graph(reticle::study::read_rtrace(file.path()));
  } catch (const reticle::Error&) {
  }
  return 0;
}
