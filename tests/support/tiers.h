#pragma once

#include "schema/system.pb.h"

namespace reticle::test {

// One more tier, without headers on its wire.
inline Tier* add_tier(System& system, const char* name, Scope scope, const char* port,
                      double bandwidth, double latency = 0) {
  Tier* tier = system.mutable_fabric()->add_tiers();
  tier->set_name(name);
  tier->set_scope(scope);
  tier->set_port(port);
  tier->set_bandwidth(bandwidth);
  tier->set_wire_share(1);
  tier->set_latency(latency);
  return tier;
}

}  // namespace reticle::test
