#include "models/economics/package.h"

namespace reticle::economics {
namespace {

double material(const std::vector<Parts>& parts) {
  double sum = 0;
  for (const Parts& part : parts) {
    sum += part.count * part.unit_cost;
  }
  return sum;
}

double attach_yield(const std::vector<Parts>& parts) {
  double yield = 1;
  for (const Parts& part : parts) {
    for (int i = 0; i < part.count; ++i) {
      yield *= part.attach_yield;
    }
  }
  return yield;
}

}  // namespace

double cost_per_good(const std::vector<Stage>& stages) {
  double cost = 0;
  for (const Stage& stage : stages) {
    cost = (cost + stage.material + stage.test) / stage.yield;
  }
  return cost;
}

double assembly_yield(const PackageBill& bill) {
  return attach_yield(bill.dies) * attach_yield(bill.hbm) * bill.final_yield;
}

PackageCost package_cost(const PackageBill& bill) {
  const double die_stage = attach_yield(bill.dies);
  const double hbm_stage = attach_yield(bill.hbm);
  // The cost of a good package is a sum over materials, so each part runs down the line alone.
  const auto share = [&](double on_interposer, double beside, double at_the_end, double test) {
    return cost_per_good({{on_interposer, 0, die_stage},
                          {beside, 0, hbm_stage},
                          {at_the_end, test, bill.final_yield}});
  };
  return {share(material(bill.dies), 0, 0, 0), share(0, material(bill.hbm), 0, 0),
          share(bill.interposer, 0, bill.substrate, bill.test)};
}

}  // namespace reticle::economics
