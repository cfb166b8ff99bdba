// libFuzzer entry (scripts/fuzz chakra): a Chakra trace of one rank, up to its graph.
#include "schema/errors.h"
#include "tests/fuzz/memory_file.h"
#include "workloads/traces/chakra.h"
#include "workloads/traces/rank_graphs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const reticle::fuzz::MemoryFile file(data, size);
  try {
    reticle::traces::rank_graphs({reticle::traces::read_chakra(file.path())}, {1e12, 1e12});
  } catch (const reticle::Error&) {
  }
  return 0;
}
