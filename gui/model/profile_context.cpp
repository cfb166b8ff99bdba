#include "gui/model/profile_context.h"

#include "study/run/roofs.h"

namespace reticle::gui {

ProfileFigures profile_figures(const traces::Recording& recording, const traces::LaunchGraph& graph,
                               const ProfileContext& context) {
  ProfileFigures out;
  out.amounts = study::kernel_amounts(recording, graph, context.model);
  const std::optional<Chip> chip =
      context.chip_of ? context.chip_of(recording.device) : std::nullopt;
  if (chip) {
    out.properties = study::roof_properties(*chip);
  }
  if (!out.amounts.empty()) {
    out.properties.emplace_back("operations and bytes",
                                context.model.hidden() > 0
                                    ? "from names, grids and " + context.model.name()
                                    : "from names and grids");
  }
  return out;
}

}  // namespace reticle::gui
