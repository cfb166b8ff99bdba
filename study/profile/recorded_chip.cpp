#include "study/profile/recorded_chip.h"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace reticle::study {

std::optional<Chip> recorded_chip(const config::Catalog& catalog, const std::string& device) {
  std::string lower;
  std::transform(device.begin(), device.end(), std::back_inserter(lower),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string& name : catalog.names("chips")) {
    if (name == device) {
      return catalog.chip(name).message;
    }
    const std::string first = name.substr(0, name.find('-'));
    if (!first.empty() && (" " + lower + " ").find(" " + first + " ") != std::string::npos) {
      return catalog.chip(name).message;
    }
  }
  return std::nullopt;
}

}  // namespace reticle::study
