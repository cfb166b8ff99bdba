#pragma once

#include <cstdint>

#include "models/systems/network.h"
#include "schema/operator.pb.h"
#include "schema/software.pb.h"

namespace reticle::systems {

// Bytes of one row before and after padding.
struct RowBytes {
  double payload = 0;
  double scales = 0;
  double wire = 0;  // with the row's header, padded to Transfers.row_alignment

  double data() const { return payload + scales; }
};

// A row of `hidden` elements as dispatch or combine sends it. Quantised types carry scales, 16 and
// 32 bit floats do not. UsageError for a row of an odd number of 4-bit elements.
RowBytes row_bytes(std::int64_t hidden, Dtype dtype, const Transfers& transfers);

struct MoeTransferCost {
  NetworkCost network;
  RowBytes row;
  double rows = 0;        // rows a rank sends, those to itself included
  double local_rows = 0;  // of them, rows that stay on the rank: no network
};

enum class Direction { kDispatch, kCombine };

// Dispatch or combine of balanced loads (a combine returns the rows a dispatch brought, so the
// counts are the same). Work of vector cores or of kernels of their own (quantise, scatter,
// weighted sum) is not in here; what the transfer's kernel does on the SMs of a GPU is
// (low_latency.h), for a device of `device_sms`, 0: none.
//   low_latency: every rank pushes tokens_per_rank * topk rows, spread evenly over all ranks.
//   normal: the same where DMA engines move the rows (Transfers.dma), else normal_transfer.h.
// UsageError: experts that do not divide over the ranks, more destinations than experts, a mode
// that the software does not offer.
MoeTransferCost moe_transfer(const fabric::Topology& topology, const Transfers& transfers,
                             const MoeTransfer& op, Direction direction,
                             std::int64_t device_sms = 0);

// What a low-latency transfer takes before its first store, links and SMs apart.
std::int64_t low_latency_start_ps(const fabric::Topology& topology, const Transfers& transfers);

// Share of a rank's peers, itself among the nearest, that its widest tier reaches: all of the
// network's, where there is one.
double widest_share(const fabric::Topology& topology);

// UsageError: experts that do not divide over the ranks, more destinations than experts.
void check_moe_transfer(const MoeTransfer& op);

}  // namespace reticle::systems
