#include "tests/models/kernels/model/chip_h100.h"

#include "models/kernels/demand.h"
#include "schema/config/catalog.h"

namespace reticle::test {

namespace {

config::Catalog catalog() { return config::Catalog(std::string(RETICLE_SOURCE_DIR) + "/configs"); }

}  // namespace

Operator moe(std::int64_t tokens, const std::string& distribution, Dtype dtype) {
  Operator op;
  Moe& layer = *op.mutable_moe();
  layer.set_num_tokens(tokens);
  layer.set_hidden_size(2048);
  layer.set_inter_size(768);
  layer.set_topk(8);
  layer.set_num_experts(128);
  layer.set_moe_tp_size(1);
  layer.set_moe_ep_size(1);
  layer.set_distribution(distribution);
  layer.set_dtype(dtype);
  return op;
}

H100::H100() : H100(catalog().chip("h100-sxm").message) {}

H100::H100(const Chip& chip, const std::string& name)
    : chip_(chip), software_(catalog().software(chip.software()).message), model_(name, chip) {}

DemandVector H100::run(const Operator& op, L2Start start) {
  L2State l2;
  l2.set_start(start);
  return model_.run(
      kernels::make_key(chip_, software_, op, kernels::all_cores(chip_), l2, FIDELITY_CYCLE));
}

double H100::microseconds(const Operator& op) {
  const DemandVector demand = run(op);
  const Launch& launch = software_.launch();
  return static_cast<double>(demand.time_ps()) / 1e6 +
         demand.kernels() * (launch.graph_gap() + launch.kernel_prologue()) * 1e6 +
         (kernels::operands_rotated(op) == 1 ? launch.graph_launch() : 0) * 1e6;
}

}  // namespace reticle::test
