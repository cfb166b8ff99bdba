#include "study/retarget/recorded_stack.h"

#include <algorithm>

namespace reticle::study {
namespace {

bool runs_the_same(const Chip& a, const Chip& b) {
  return a.family() == b.family() &&
         a.tensor_gpu().matrix_instruction() == b.tensor_gpu().matrix_instruction() &&
         a.tensor_gpu().load_engine() == b.tensor_gpu().load_engine();
}

bool named_in(const traces::Recording& recording, const Software& software) {
  for (std::uint32_t id = 0; id < recording.strings.size(); ++id) {
    const std::string& text = recording.strings.text(id);
    if (std::any_of(
            software.recorded_as().begin(), software.recorded_as().end(),
            [&](const std::string& part) { return text.find(part) != std::string::npos; })) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string recorded_stack(const config::Catalog& catalog, const traces::Recording& recording,
                           const Chip* source, const std::string& system) {
  if (source == nullptr ||
      !runs_the_same(*source, catalog.chip(catalog.system(system).message.rank_chip()).message)) {
    return "";
  }
  for (const std::string& name : catalog.names("software")) {
    if (named_in(recording, catalog.software(name).message)) {
      return name;
    }
  }
  return "";
}

}  // namespace reticle::study
