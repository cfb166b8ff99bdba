#include <catch2/catch.hpp>
#include <cstdio>

#include "models/systems/moe_transfer.h"
#include "tests/models/systems/toy_systems.h"

using namespace reticle;
using namespace reticle::systems;

namespace {

double network_us(const System& system, std::int64_t per_package, const Transfers& transfers,
                  std::int64_t ranks, Dtype dtype) {
  const MoeTransfer op = transfer(ranks, 128, 8, dtype);
  return static_cast<double>(
             moe_transfer(span(system, per_package, ranks), transfers, op, Direction::kDispatch)
                 .network.total_ps()) /
         1e6;
}

// The network is one part of a published latency (the rest is work on the cores), so it is a lower
// bound: above it something is wrong, and how far below is printed, not fitted.
void check_below(const char* row, double network, double published) {
  std::printf("%-44s network %6.1f us of %6.1f us (%.0f %%)\n", row, network, published,
              100 * network / published);
  CHECK(network < published);
  CHECK(network > 0.2 * published);
}

}  // namespace

// CloudMatrix384 paper, arXiv 2506.12708 (K. C0132, C0134): EP8, 128 tokens, top-8, hidden 7168.
TEST_CASE("the network's part of CANN EP8 dispatch and combine") {
  check_below("CM384 dispatch EP8 int8", network_us(supernode(), 2, padded_rows(), 8, DTYPE_INT8),
              116);
  check_below("CM384 combine EP8 bf16",
              network_us(supernode(), 2, padded_rows(), 8, DTYPE_BFLOAT16), 118);
}

// DeepEP README @d8dd185 (June 2025), H800 with NVLink inside the node.
TEST_CASE("the network's part of DeepEP low latency over NVLink and RDMA") {
  const Transfers rows = block_scaled_rows();
  const System system = gpu_cluster();
  check_below("DeepEP dispatch EP8", network_us(system, 1, rows, 8, DTYPE_FP8_BLOCK), 77);
  check_below("DeepEP combine EP8", network_us(system, 1, rows, 8, DTYPE_BFLOAT16), 114);
  check_below("DeepEP dispatch EP16", network_us(system, 1, rows, 16, DTYPE_FP8_BLOCK), 118);
  check_below("DeepEP combine EP16", network_us(system, 1, rows, 16, DTYPE_BFLOAT16), 195);
  check_below("DeepEP dispatch EP32", network_us(system, 1, rows, 32, DTYPE_FP8_BLOCK), 155);
  check_below("DeepEP combine EP32", network_us(system, 1, rows, 32, DTYPE_BFLOAT16), 273);
}

// DeepEP README @ebfe47e (February 2025): the same kernels over RDMA alone.
TEST_CASE("the network's part of DeepEP low latency over RDMA alone") {
  System system = gpu_cluster();
  system.mutable_fabric()->mutable_tiers()->DeleteSubrange(0, 1);
  const Transfers rows = block_scaled_rows();
  check_below("DeepEP pure RDMA dispatch EP8", network_us(system, 1, rows, 8, DTYPE_FP8_BLOCK),
              163);
  check_below("DeepEP pure RDMA combine EP8", network_us(system, 1, rows, 8, DTYPE_BFLOAT16), 318);
  check_below("DeepEP pure RDMA dispatch EP32", network_us(system, 1, rows, 32, DTYPE_FP8_BLOCK),
              182);
  check_below("DeepEP pure RDMA combine EP32", network_us(system, 1, rows, 32, DTYPE_BFLOAT16),
              350);
}
