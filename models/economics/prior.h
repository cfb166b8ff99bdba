#pragma once

#include <functional>

#include "schema/config/catalog.h"

namespace reticle::economics {

// What is believed of an uncertain number.
struct Prior {
  std::function<double(double)> quantile;  // of a share in (0, 1)
  double low = 0;  // ends for a tornado: the bounds, or P5 and P95 where there are none
  double high = 0;
};

// Whether the number varies at all.
bool varies(const config::Origin& origin);

// The prior that `origin` states around `value` (schema/config/catalog.h names the kinds).
// ConfigError: the value is outside its range.
Prior prior_of(const config::Origin& origin, double value, const std::string& path);

// The value between `low` and `high` of a beta distribution with mode `mode`, as PERT takes it:
// mean (low + 4 mode + high) / 6.
double pert_quantile(double low, double mode, double high, double share);

}  // namespace reticle::economics
