#pragma once

#include "schema/system.pb.h"

namespace reticle {

// How far a tier reaches, from the inside out.
inline int reach(Scope scope) {
  switch (scope) {
    case SCOPE_PACKAGE:
      return 1;
    case SCOPE_NODE:
      return 2;
    case SCOPE_RAIL:
      return 3;
    case SCOPE_SYSTEM:
      return 4;
    default:
      return 0;
  }
}

inline bool beyond_node(Scope scope) { return reach(scope) > reach(SCOPE_NODE); }

}  // namespace reticle
