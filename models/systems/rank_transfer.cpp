#include "models/systems/rank_transfer.h"

#include <algorithm>

#include "models/systems/low_latency.h"
#include "models/systems/normal_ranks.h"
#include "sim/fabric/exchange.h"
#include "sim/fabric/picoseconds.h"

namespace reticle::systems {
namespace {

class Transfer {
 public:
  Transfer(const fabric::Topology& topology, const Transfers& transfers, const MoeTransfer& op,
           Direction direction, const RankShares& shares)
      : topology_(topology),
        transfers_(transfers),
        op_(op),
        direction_(direction),
        shares_(shares),
        row_(row_bytes(op.hidden(), op.dtype(), transfers)),
        rows_(static_cast<double>(op.tokens_per_rank()) * static_cast<double>(op.topk())) {}

  RankTransfers run() {
    std::vector<double> payload;
    for (const double share : shares_.of_rows) {
      payload.push_back(rows_ * share * row_.wire);
    }
    const fabric::ExchangeOutcome outcome = fabric::run_exchange(
        topology_, payload,
        direction_ == Direction::kDispatch ? fabric::Toward::kTo : fabric::Toward::kFrom);
    out_.link_bytes = outcome.bytes;
    count_traffic(payload);
    const std::string bound = outcome.bound ? topology_.resources()[*outcome.bound].name : "pair";
    for (std::size_t rank = 0; rank < payload.size(); ++rank) {
      NetworkCost& cost = out_.ranks[rank];
      cost.bound_resource = bound;
      tell_times(rank, outcome.ranks[rank]);
      if (cost.total_ps() > out_.ranks[out_.slowest].total_ps()) {
        out_.slowest = rank;
      }
    }
    return std::move(out_);
  }

 private:
  void tell_times(std::size_t rank, const fabric::RankEnds& ends) {
    NetworkCost& cost = out_.ranks[rank];
    const bool dma = op_.mode() == TRANSFER_MODE_NORMAL;
    cost.start_ps = dma ? fabric::picoseconds(transfers_.dma().start())
                        : low_latency_start_ps(topology_, transfers_);
    cost.wire_ps =
        shares_.senders_wait ? std::max(ends.sent_ps, ends.incoming_ps) : ends.incoming_ps;
    cost.latency_ps = std::max<std::int64_t>(0, ends.received_ps - cost.wire_ps);
    cost.barrier_ps = barrier_ps(topology_, transfers_.barriers());
    if (dma) {
      return;
    }
    const double all = rows_ * static_cast<double>(op_.ranks());
    const double received =
        direction_ == Direction::kDispatch ? all * shares_.of_rows[rank] : rows_;
    add_low_latency(cost,
                    low_latency_work(transfers_, op_, row_, direction_, received,
                                     widest_share(topology_), shares_.device_sms),
                    shares_.device_sms);
  }

  // A dispatch sends each rank its own share; a combine sends everybody the sender's.
  void count_traffic(const std::vector<double>& payload) {
    const std::size_t ranks = payload.size();
    out_.ranks.resize(ranks);
    out_.received_bytes.assign(ranks, 0);
    for (std::size_t from = 0; from < ranks; ++from) {
      std::vector<double> bytes(topology_.tiers(), 0);
      for (std::size_t to = 0; to < ranks; ++to) {
        if (to != from) {
          const double sent = payload[direction_ == Direction::kDispatch ? to : from];
          bytes[topology_.tier_between(static_cast<std::int64_t>(from),
                                       static_cast<std::int64_t>(to))] += sent;
          out_.received_bytes[to] += sent;
        }
      }
      for (std::size_t tier = 0; tier < bytes.size(); ++tier) {
        if (bytes[tier] > 0) {
          out_.ranks[from].tiers.push_back(traffic(topology_.tier(tier), bytes[tier]));
        }
      }
    }
  }

  const fabric::Topology& topology_;
  const Transfers& transfers_;
  const MoeTransfer& op_;
  Direction direction_;
  const RankShares& shares_;
  RowBytes row_;
  double rows_;
  RankTransfers out_;
};

}  // namespace

RankTransfers rank_transfers(const fabric::Topology& every_rank, const Transfers& transfers,
                             const MoeTransfer& op, Direction direction, const RankShares& shares) {
  check_moe_transfer(op);
  if (op.mode() == TRANSFER_MODE_NORMAL && !transfers.has_dma()) {
    return normal_ranks(every_rank, transfers, op, direction, shares);
  }
  return Transfer(every_rank, transfers, op, direction, shares).run();
}

}  // namespace reticle::systems
