#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/chip.pb.h"
#include "schema/system.pb.h"
#include "sim/fabric/topology.h"

namespace reticle::systems {

// The part of a system that a run uses, packed.
struct Machine {
  std::int64_t ranks = 0;
  std::int64_t packages = 0;
  std::int64_t nodes = 0;
  std::int64_t ranks_per_package = 1;
  std::int64_t ranks_per_node = 1;      // of a full node
  std::vector<std::int64_t> dies = {};  // of the ranks, where some are missing (faults)

  fabric::Placement placement() const { return {ranks, ranks_per_package, ranks_per_node, dies}; }
};

// Ranks (logic dies) of a package: configs/chips/SYSTEM.chip; a bare die is one.
std::int64_t ranks_per_package(const Chip& package);

// Where the ranks of a collective lie: `packed`, or one in each of as many `packages` or `nodes`,
// where no fault singles out dies or nodes. UsageError for another word, and as machine().
fabric::Placement placed(const System& system, std::int64_t ranks_per_package, std::int64_t ranks,
                         const std::string& how);

// Packages and nodes that `ranks` ranks take. Missing dies are passed over: the next ones are the
// spares. UsageError: no ranks, more than the system has, or (with no die missing) ranks that leave
// a package or, on several nodes, a node partly filled.
// With `spares`, that many dies stand beside the ranks and no others: packages and nodes hold them
// too, whether they are needed or not.
Machine machine(const System& system, std::int64_t ranks_per_package, std::int64_t ranks,
                std::optional<std::int64_t> spares = std::nullopt);

}  // namespace reticle::systems
