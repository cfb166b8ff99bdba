#include "schema/config/system_check.h"

#include <algorithm>

#include "schema/config/suggest.h"
#include "schema/scope.h"

namespace reticle::config {
namespace {

std::vector<std::string> known_algorithms() {
  return {"ring", "tree", "hierarchical", "direct", "one_shot", "in_switch", "in_switch_tree"};
}

class Check {
 public:
  explicit Check(const Loaded<System>& loaded)
      : system_(loaded.message), from_(loaded.provenance) {}

  void run() const {
    tiers();
    joined();
    for (const Fault& fault : system_.faults()) {
      check(fault);
    }
    for (const std::string& name : system_.collectives().algorithms()) {
      const std::vector<std::string> known = known_algorithms();
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        refuse("collectives.start", "no collective algorithm `" + name + "`",
               suggestion(name, known, "there are"));
      }
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& path, const std::string& what,
                           const std::string& hint = "") const {
    const Location at = written(path);
    throw ConfigError(at, "system `" + system_.name() + "`: " + what, hint);
  }

  // Where the key is written; if nobody wrote it, a neighbour of it.
  Location written(const std::string& path) const {
    const auto exact = from_.find(path);
    if (exact != from_.end()) {
      return exact->second.at;
    }
    const std::string parent = path.substr(0, path.rfind('.') + 1);
    const auto near = from_.lower_bound(parent);
    const bool found = !parent.empty() && near != from_.end() &&
                       near->first.compare(0, parent.size(), parent) == 0;
    return found ? near->second.at : from_.at("nodes").at;
  }

  void tiers() const {
    const Tier* inner = nullptr;
    for (const Tier& tier : system_.fabric().tiers()) {
      const std::string path = "fabric.tiers." + tier.name() + ".";
      if (inner != nullptr && reach(tier.scope()) <= reach(inner->scope())) {
        refuse(path + "bandwidth",
               "tier `" + tier.name() + "` does not reach further than `" + inner->name() +
                   "` before it",
               "tiers go from the inside out: package, node, rail, system");
      }
      if (tier.has_in_switch_reduction() && tier.in_switch_reduction() > tier.bandwidth()) {
        refuse(path + "in_switch_reduction",
               "tier `" + tier.name() + "` reduces faster than its ports carry");
      }
      inner = &tier;
    }
  }

  void joined() const {
    Scope widest = SCOPE_UNSPECIFIED;
    for (const Tier& tier : system_.fabric().tiers()) {
      widest = tier.scope();
    }
    if (system_.nodes() > 1 && widest != SCOPE_SYSTEM) {
      refuse("nodes", "its nodes cannot reach each other: no tier has scope system",
             "nodes: 1, or a tier over nodes");
    }
    if (system_.packages_per_node() > 1 && reach(widest) < reach(SCOPE_NODE)) {
      refuse("packages_per_node",
             "the packages of a node cannot reach each other: no tier has scope node or system");
    }
  }

  void check(const Fault& fault) const {
    const std::string path = "faults." + fault.name() + ".";
    if (fault.missing()) {
      if (!fault.has_die()) {
        refuse(path + "rate_left", "fault `" + fault.name() + "`: which die is missing? (die: N)");
      }
      return;
    }
    std::vector<std::string> names;
    for (const Tier& tier : system_.fabric().tiers()) {
      names.push_back(tier.name());
      if (tier.name() == fault.tier() && fault.planes_down() > std::max(1U, tier.planes())) {
        refuse(path + "planes_down", "fault `" + fault.name() + "`: tier `" + tier.name() +
                                         "` has " + std::to_string(tier.planes()) + " planes");
      }
    }
    if (std::find(names.begin(), names.end(), fault.tier()) == names.end()) {
      refuse(path + "rate_left", "fault `" + fault.name() + "`: no tier `" + fault.tier() + "`",
             suggestion(fault.tier(), names, "tiers"));
    }
    if (fault.has_node() && fault.node() >= system_.nodes()) {
      refuse(path + "node", "fault `" + fault.name() + "`: node " + std::to_string(fault.node()) +
                                " of " + std::to_string(system_.nodes()) + " (counted from 0)");
    }
  }

  const System& system_;
  const Provenance& from_;
};

}  // namespace

void check_system(const Loaded<System>& loaded) { Check(loaded).run(); }

}  // namespace reticle::config
