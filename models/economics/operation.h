#pragma once

namespace reticle::economics {

// Yearly payment that repays 1 over `years` at a yearly `rate`: r / (1 - (1 + r)^-n), 1/n without
// interest.
double capital_recovery_factor(double rate, double years);

// Average power of the parts that draw it, in watts, all at the output of the power supplies.
struct Load {
  double chips = 0;
  double hosts = 0;  // hosts and switches
  double optics = 0;
};

struct WallPower {
  double it = 0;        // W into the power supplies
  double facility = 0;  // W with cooling and distribution: it * PUE
};

WallPower wall_power(const Load& load, double psu_efficiency, double pue);

// What an hour of a deployment in service costs, USD.
struct HourlyCost {
  double capital = 0;
  double energy = 0;
  double maintenance = 0;
  double hosting = 0;
  double total() const { return capital + energy + maintenance + hosting; }
};

struct Terms {
  double electricity = 0;    // USD/kWh, on facility power
  double hosting = 0;        // USD a month and kW of IT power
  double life = 1;           // years
  double discount_rate = 0;  // a year
  double maintenance = 0;    // a year, share of capital
  double availability = 1;
};

// [capital * CRF / 8760 + energy + capital * maintenance / 8760 + hosting] / availability.
HourlyCost hourly_cost(double capital_usd, const WallPower& power, const Terms& terms);

// USD for a million tokens from USD an hour; `utilisation` is the share of tokens_per_s that is
// sold.
double usd_per_million_tokens(double usd_per_hour, double tokens_per_s, double utilisation);

}  // namespace reticle::economics
