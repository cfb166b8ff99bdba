#include "models/systems/machine.h"

#include <algorithm>
#include <set>
#include <string>

#include "schema/errors.h"

namespace reticle::systems {
namespace {

std::string text(std::int64_t number) { return std::to_string(number); }

void require_enough(const System& system, std::int64_t per_package, std::int64_t ranks) {
  const std::int64_t packages = std::int64_t{system.nodes()} * system.packages_per_node();
  const std::int64_t have = packages * per_package;
  if (ranks > have) {
    throw UsageError("ranks=" + text(ranks) + ": system `" + system.name() + "` has " + text(have) +
                     " (" + text(system.nodes()) + " nodes x " + text(system.packages_per_node()) +
                     " packages x " + text(per_package) + " ranks)");
  }
}

std::set<std::int64_t> missing_dies(const System& system) {
  std::set<std::int64_t> missing;
  for (const Fault& fault : system.faults()) {
    if (fault.missing()) {
      missing.insert(fault.die());
    }
  }
  return missing;
}

// The first `ranks` dies that are there.
std::vector<std::int64_t> dies_in_use(const System& system, std::int64_t have, std::int64_t ranks,
                                      const std::set<std::int64_t>& missing) {
  std::vector<std::int64_t> dies;
  for (std::int64_t die = 0; die < have && static_cast<std::int64_t>(dies.size()) < ranks; ++die) {
    if (missing.count(die) == 0) {
      dies.push_back(die);
    }
  }
  if (static_cast<std::int64_t>(dies.size()) < ranks) {
    const auto gone = std::count_if(missing.begin(), missing.end(),
                                    [have](std::int64_t die) { return die < have; });
    throw UsageError("ranks=" + text(ranks) + ": system `" + system.name() + "` has " + text(have) +
                     " dies, " + text(gone) + " of them missing (faults): no spare is left");
  }
  return dies;
}

void require_full(std::int64_t ranks, std::int64_t group, const std::string& what) {
  if (ranks % group != 0) {
    throw UsageError("ranks=" + text(ranks) + ": not a multiple of the " + text(group) +
                     " ranks of a " + what);
  }
}

}  // namespace

std::int64_t ranks_per_package(const Chip& package) {
  if (!package.has_package()) {
    return 1;
  }
  return package.package().has_ranks() ? package.package().ranks() : package.package().dies();
}

fabric::Placement placed(const System& system, std::int64_t ranks_per_package, std::int64_t ranks,
                         const std::string& how) {
  if (how == "packed") {
    return machine(system, ranks_per_package, ranks).placement();
  }
  if (how != "packages" && how != "nodes") {
    throw UsageError("placement=" + how + ": not packed, packages or nodes");
  }
  if (fabric::uneven(system)) {
    throw UsageError("placement=" + how + ": with faults of dies or nodes ranks are packed");
  }
  System sparse = system;  // as if its packages, or nodes, were of one die
  if (how == "nodes") {
    sparse.set_packages_per_node(1);
  }
  return machine(sparse, 1, ranks).placement();
}

Machine machine(const System& system, std::int64_t ranks_per_package, std::int64_t ranks,
                std::optional<std::int64_t> spares) {
  if (ranks < 1) {
    throw UsageError("ranks=" + text(ranks) + ": at least 1 is needed");
  }
  require_enough(system, ranks_per_package, ranks + spares.value_or(0));
  Machine out;
  out.ranks = ranks;
  out.ranks_per_package = ranks_per_package;
  out.ranks_per_node = ranks_per_package * system.packages_per_node();
  if (const std::set<std::int64_t> missing = missing_dies(system); !missing.empty()) {
    const std::int64_t have =
        spares ? ranks + *spares : std::int64_t{system.nodes()} * out.ranks_per_node;
    out.dies = dies_in_use(system, have, ranks, missing);
    const std::int64_t last = spares ? have - 1 : out.dies.back();
    out.packages = last / ranks_per_package + 1;
    out.nodes = last / out.ranks_per_node + 1;
    return out;
  }
  if (ranks > ranks_per_package) {
    require_full(ranks, ranks_per_package, "package");
  }
  if (ranks > out.ranks_per_node) {
    require_full(ranks, out.ranks_per_node, "node");
  }
  const std::int64_t last = ranks + spares.value_or(0) - 1;
  out.packages = last / ranks_per_package + 1;
  out.nodes = last / out.ranks_per_node + 1;
  return out;
}

}  // namespace reticle::systems
