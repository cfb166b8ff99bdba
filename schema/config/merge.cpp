#include "schema/config/merge.h"

#include <utility>

namespace reticle::config {

Node merge(Node base, Node over) {
  if (!base.is_map() || !over.is_map()) {
    return over;
  }
  for (Entry& entry : over.entries) {
    if (Node* old = base.find(entry.key)) {
      *old = merge(std::move(*old), std::move(entry.value));
    } else {
      base.entries.push_back(std::move(entry));
    }
  }
  base.at = std::move(over.at);
  return base;
}

}  // namespace reticle::config
