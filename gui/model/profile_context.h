#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schema/chip.pb.h"
#include "schema/model.pb.h"
#include "study/profile/kernel_amounts.h"

namespace reticle::gui {

// What a profile does not say itself.
struct ProfileContext {
  Model model;  // widths that grids do not tell; hidden 0: unknown
  std::function<std::optional<Chip>(const std::string& device)> chip_of;  // may be empty
};

// What a profile's kernels come to.
struct ProfileFigures {
  std::vector<study::KernelAmount> amounts;                     // operations and bytes of memory
  std::vector<std::pair<std::string, std::string>> properties;  // the chip's roofs, and a note
};
ProfileFigures profile_figures(const traces::Recording& recording, const traces::LaunchGraph& graph,
                               const ProfileContext& context);

}  // namespace reticle::gui
