#include "models/economics/operation.h"

#include <cmath>

namespace reticle::economics {
namespace {

constexpr double kHoursPerYear = 8760;
constexpr double kMonthsPerYear = 12;
constexpr double kWattsPerKilowatt = 1000;
constexpr double kSecondsPerHour = 3600;
constexpr double kMillion = 1e6;

}  // namespace

double capital_recovery_factor(double rate, double years) {
  if (rate == 0) {
    return 1 / years;
  }
  return rate / -std::expm1(-years * std::log1p(rate));
}

WallPower wall_power(const Load& load, double psu_efficiency, double pue) {
  const double it = (load.chips + load.hosts + load.optics) / psu_efficiency;
  return {it, it * pue};
}

HourlyCost hourly_cost(double capital_usd, const WallPower& power, const Terms& terms) {
  const double crf = capital_recovery_factor(terms.discount_rate, terms.life);
  const double hosting_per_watt =
      terms.hosting / kWattsPerKilowatt * kMonthsPerYear / kHoursPerYear;
  HourlyCost cost;
  cost.capital = capital_usd * crf / kHoursPerYear / terms.availability;
  cost.energy = power.facility / kWattsPerKilowatt * terms.electricity / terms.availability;
  cost.maintenance = capital_usd * terms.maintenance / kHoursPerYear / terms.availability;
  cost.hosting = power.it * hosting_per_watt / terms.availability;
  return cost;
}

double usd_per_million_tokens(double usd_per_hour, double tokens_per_s, double utilisation) {
  return usd_per_hour / (kSecondsPerHour * tokens_per_s * utilisation) * kMillion;
}

}  // namespace reticle::economics
