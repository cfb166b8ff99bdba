#pragma once

#include "models/systems/machine.h"
#include "schema/software.pb.h"
#include "schema/system.pb.h"
#include "tests/support/tiers.h"

// Systems with the numbers of configs/systems written out, so that expected values can be worked by
// hand from what a test shows.
namespace reticle::systems {

using test::add_tier;

// 48 nodes x 8 packages x 2 dies: a die link, and one 196 GB/s port for both outer tiers.
inline System supernode() {
  System system;
  system.set_name("supernode");
  system.set_nodes(48);
  system.set_packages_per_node(8);
  add_tier(system, "die_to_die", SCOPE_PACKAGE, "sio", 270e9, 0.2e-6)->set_energy_per_bit(1e-12);
  Tier* node = add_tier(system, "ub_node", SCOPE_NODE, "ub", 196e9, 1.2e-6);
  node->set_read_pair_cap(167e9);
  node->set_write_pair_cap(137e9);
  node->set_energy_per_bit(5e-12);
  Tier* outer = add_tier(system, "ub_system", SCOPE_SYSTEM, "ub", 196e9, 1.9e-6);
  outer->set_read_pair_cap(164e9);
  outer->set_write_pair_cap(138e9);
  outer->set_uplink(3136e9);
  outer->set_energy_per_bit(5e-12);
  return system;
}

// 16 nodes x 8 GPUs: NVLink at 176 GB/s and a NIC at 46 GB/s of payload.
inline System gpu_cluster() {
  System system;
  system.set_name("gpus");
  system.set_nodes(16);
  system.set_packages_per_node(8);
  add_tier(system, "nvlink", SCOPE_NODE, "nvlink", 200e9, 0.6e-6)->set_wire_share(0.88);
  add_tier(system, "rdma", SCOPE_SYSTEM, "nic", 50e9, 1.75e-6)->set_wire_share(0.92);
  return system;
}

// Rows padded to 512 B, one 4-byte scale a row.
inline Transfers padded_rows() {
  Transfers transfers;
  transfers.set_row_alignment(512);
  transfers.set_scale_bytes(4);
  return transfers;
}

// A 4-byte scale every 128 elements, no padding.
inline Transfers block_scaled_rows() {
  Transfers transfers;
  transfers.set_row_alignment(1);
  transfers.set_scale_bytes(4);
  transfers.set_scale_group(128);
  return transfers;
}

// Numbers that make every part visible by hand.
inline Transfers with_normal_mode(double queue_share = 1) {
  Transfers transfers = block_scaled_rows();
  NormalMode* normal = transfers.mutable_normal();
  normal->set_start(25e-6);
  normal->set_row_time(100e-9);
  normal->set_sm_rate(20e9);
  normal->set_sms(20);
  normal->set_notify(50e-6);
  normal->set_combine_warp_rate(0.5e9);
  normal->set_queue_share(queue_share);
  return transfers;
}

inline MoeTransfer transfer(std::int64_t ranks, std::int64_t tokens, std::int64_t topk,
                            Dtype dtype) {
  MoeTransfer op;
  op.set_ranks(ranks);
  op.set_tokens_per_rank(tokens);
  op.set_hidden(7168);
  op.set_topk(topk);
  op.set_experts(ranks * 32);
  op.set_mode(TRANSFER_MODE_LOW_LATENCY);
  op.set_dtype(dtype);
  return op;
}

inline fabric::Topology span(const System& system, std::int64_t per_package, std::int64_t ranks) {
  return {system, machine(system, per_package, ranks).placement(), fabric::Grouping::kOneForAll};
}

}  // namespace reticle::systems
