// libFuzzer entry: clang++ -fsanitize=fuzzer,address -std=c++17, with schema and schema_config.
#include <cstddef>
#include <cstdint>
#include <string>

#include "schema/chip.pb.h"
#include "schema/config/mapping.h"
#include "schema/config/provenance.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    reticle::Chip chip;
    const std::string text(data, data + size);
    reticle::config::Node tree = reticle::config::parse_tree(text, "input");
    reticle::config::annotate(tree, *reticle::Chip::descriptor(), {});
    reticle::config::map_message(tree, chip);
  } catch (const reticle::Error&) {
  }
  return 0;
}
