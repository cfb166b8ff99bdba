#include "tests/models/economics/ascend_910.h"

#include "schema/config/mapping.h"

namespace reticle::economics::test {

Die ascend_910() {
  Die die;
  config::fill_presets(die);
  die.set_process("fab");
  die.set_width(0.02132);
  die.set_height(0.03122);
  die.set_cores(25);
  die.set_cores_needed(24);
  die.set_core_share(0.55);
  return die;
}

config::Loaded<Process> fab() {
  config::Loaded<Process> process;
  config::fill_presets(process.message);
  process.message.set_name("fab");
  process.message.set_wafer_diameter(0.3);
  process.message.set_edge_exclusion(0.005);
  process.message.set_scribe(0.0002);
  process.message.set_wafer_cost(13500);
  process.message.set_defect_density(2720);
  process.message.set_systematic_yield(1);
  return process;
}

}  // namespace reticle::economics::test
