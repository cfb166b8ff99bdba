#pragma once

#include "schema/config/tree.h"

namespace reticle::config {

// Lays `over` on `base`: maps merge key by key, everything else replaces. Base keys keep their
// order, new ones follow. A merged map has the place of `over`.
Node merge(Node base, Node over);

}  // namespace reticle::config
