#include "models/economics/supply.h"

#include <algorithm>
#include <limits>

namespace reticle::economics {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();
constexpr double kMonths = 12;

double dies(const YearMeans& means) {
  return means.wafers * means.dies_per_wafer * means.yield + means.dies_in_stock;
}

double hbm_limit(const YearMeans& means) {
  return means.stacks && means.stacks_each > 0
             ? *means.stacks / means.stacks_each * means.assembly_yield
             : kNoLimit;
}

double packaging_limit(const YearMeans& means) {
  return means.packaging_starts ? *means.packaging_starts * means.assembly_yield : kNoLimit;
}

// Good dies that `packages` take from this year's wafers.
double dies_to_make(const YearMeans& means, double packages) {
  return packages / means.assembly_yield * means.dies_each - means.dies_in_stock;
}

bool others_allow(const YearMeans& means, double packages) {
  return packages <= std::min(hbm_limit(means), packaging_limit(means));
}

std::optional<double> possible_yield(const YearMeans& means, double dies) {
  const double yield = dies / (means.wafers * means.dies_per_wafer);
  return yield > 0 && yield <= 1 ? std::optional<double>(yield) : std::nullopt;
}

}  // namespace

const char* name_of(Limit limit) {
  return limit == Limit::kLogic ? "logic" : limit == Limit::kHbm ? "hbm" : "packaging";
}

YearSupply supply_of(const YearMeans& means) {
  YearSupply supply;
  supply.logic = dies(means) / means.dies_each * means.assembly_yield;
  supply.hbm = hbm_limit(means);
  supply.packaging = packaging_limit(means);
  supply.packages = std::min({supply.logic, supply.hbm, supply.packaging});
  supply.binding = supply.packages == supply.logic ? Limit::kLogic
                   : supply.packages == supply.hbm ? Limit::kHbm
                                                   : Limit::kPackaging;
  const double started = supply.packages / means.assembly_yield;
  supply.dies_left = dies(means) - started * means.dies_each;
  supply.stacks_left = means.stacks ? *means.stacks - started * means.stacks_each : 0;
  return supply;
}

std::optional<double> break_even_yield(const YearMeans& means) {
  const double others = std::min(hbm_limit(means), packaging_limit(means));
  return others == kNoLimit ? std::nullopt : possible_yield(means, dies_to_make(means, others));
}

std::optional<double> yield_needed(const YearMeans& means, double packages) {
  return others_allow(means, packages) ? possible_yield(means, dies_to_make(means, packages))
                                       : std::nullopt;
}

std::optional<double> wafers_needed(const YearMeans& means, double packages) {
  if (!others_allow(means, packages)) {
    return std::nullopt;
  }
  return std::max(0.0, dies_to_make(means, packages)) / means.dies_per_wafer / means.yield /
         kMonths;
}

}  // namespace reticle::economics
