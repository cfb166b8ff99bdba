#include <string>

#include "models/economics/die.h"
#include "schema/errors.h"

namespace reticle::economics {
namespace {

using config::Loaded;

template <class Message>
Location place(const Loaded<Message>& config, const std::string& kind, const std::string& path) {
  const auto found = config.provenance.find(path);
  return found == config.provenance.end() ? Location{kind + " " + config.message.name()}
                                          : found->second.at;
}

class Check {
 public:
  Check(const Loaded<Chip>& chip, const Loaded<Process>& process)
      : chip_(chip), process_(process), die_(chip.message.die()), fab_(process.message) {}

  void all() const {
    cores();
    blocks();
    bins();
    field();
    law();
    profile();
  }

 private:
  [[noreturn]] void refuse(const std::string& path, const std::string& what,
                           const std::string& hint) const {
    throw ConfigError(place(chip_, "chip", path), what, hint);
  }
  [[noreturn]] void refuse_process(const std::string& path, const std::string& what,
                                   const std::string& hint) const {
    throw ConfigError(place(process_, "process", path), what, hint);
  }

  void cores() const {
    if (die_.cores_needed() > die_.cores()) {
      refuse("die.cores_needed",
             "die.cores_needed is " + std::to_string(die_.cores_needed()) + ", die.cores " +
                 std::to_string(die_.cores()),
             "a die cannot need more cores than it has");
    }
    const uint32_t groups = std::max(1U, die_.groups());
    if (die_.cores() % groups != 0 || die_.groups_needed() > groups ||
        die_.cores_needed_a_group() > die_.cores() / groups) {
      refuse("die.groups", "the cores do not come in such groups",
             "groups must divide cores; groups_needed and cores_needed_a_group must fit them");
    }
  }

  void blocks() const {
    double share = die_.core_share();
    for (const Block& block : die_.blocks()) {
      const std::string path = "die.blocks." + block.name() + ".";
      if (block.needed() > block.count()) {
        refuse(path + "needed", "die.blocks." + block.name() + " needs more blocks than there are",
               "needed is at most count");
      }
      share += block.area_share();
    }
    if (share > 1 + 1e-12) {
      refuse("die.core_share", "cores and blocks take more than the whole die",
             "core_share and the area_share of all blocks sum to at most 1");
    }
  }

  void bins() const {
    uint32_t better = die_.cores_needed();
    for (const Bin& bin : die_.bins()) {
      if (bin.cores_needed() >= better) {
        refuse("die.bins." + bin.name() + ".cores_needed",
               "bin " + bin.name() + " needs no fewer cores than the next better one",
               "bins follow each other with falling cores_needed");
      }
      better = bin.cores_needed();
    }
  }

  void field() const {
    const double wide = std::max(die_.width(), die_.height());
    const double narrow = std::min(die_.width(), die_.height());
    const double field_wide = std::max(fab_.field_width(), fab_.field_height());
    const double field_narrow = std::min(fab_.field_width(), fab_.field_height());
    const bool fits = wide <= field_wide * (1 + 1e-9) && narrow <= field_narrow * (1 + 1e-9);
    if (!fits && field_wide > 0 && !die_.has_stitch_yield()) {
      refuse("die.width", "the die is larger than the scanner's field of process " + die_.process(),
             "split it into dies, or give die.stitch_yield");
    }
  }

  void law() const {
    if (fab_.yield_law() == YIELD_LAW_NEGATIVE_BINOMIAL && !fab_.has_clustering()) {
      refuse_process("defect_density", "negative_binomial needs `clustering`",
                     "its alpha, typically 2 to 3");
    }
    if (fab_.yield_law() == YIELD_LAW_BOSE_EINSTEIN && !fab_.has_critical_layers()) {
      refuse_process("defect_density", "bose_einstein needs `critical_layers`",
                     "defect_density is then that of one layer");
    }
    const bool single = fab_.yield_law() == YIELD_LAW_MOORE || fab_.layers_size() > 0;
    if (single && !die_.has_reported_yield() && has_spares(die_design(die_))) {
      refuse_process("defect_density", "no harvesting with moore or layers",
                     "set die.cores_needed to die.cores and blocks to all needed, or take "
                     "another yield_law");
    }
  }

  void profile() const {
    const bool placed = fab_.counting() <= COUNTING_EXACT && !die_.has_reported_dies_per_wafer();
    if (fab_.has_radial() && !placed) {
      refuse_process("radial.slope", "a radial profile needs placed dies",
                     "leave out radial, or count dies with `counting: exact`");
    }
  }

  const Loaded<Chip>& chip_;
  const Loaded<Process>& process_;
  const Die& die_;
  const Process& fab_;
};

}  // namespace

void check_die(const Loaded<Chip>& chip, const Loaded<Process>& process) {
  Check(chip, process).all();
}

DiePlan checked_plan(const Loaded<Chip>& chip, const Loaded<Process>& process) {
  check_die(chip, process);
  DiePlan plan = plan_dies(chip.message.die(), process.message);
  if (!(plan.dies_per_wafer >= 1)) {
    throw ConfigError(
        place(chip, "chip", "die.width"),
        "no die of this outline fits a wafer of process " + chip.message.die().process(),
        "see die.width, die.height and the process's wafer_diameter, edge_exclusion");
  }
  return plan;
}

}  // namespace reticle::economics
