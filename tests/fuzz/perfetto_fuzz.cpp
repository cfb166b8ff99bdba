// libFuzzer entry (scripts/fuzz perfetto): Perfetto's protobuf, up to its launch graph.
#include "schema/errors.h"
#include "tests/fuzz/memory_file.h"
#include "workloads/traces/launch_graph.h"
#include "workloads/traces/perfetto_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const reticle::fuzz::MemoryFile file(data, size);
  try {
    reticle::traces::launch_graph(reticle::traces::read_perfetto(file.path()));
  } catch (const reticle::Error&) {
  }
  return 0;
}
