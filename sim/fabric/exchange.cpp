#include "sim/fabric/exchange.h"

#include <algorithm>
#include <stdexcept>

#include "sim/fabric/exchange_filling.h"
#include "sim/fabric/picoseconds.h"
#include "sim/fabric/symmetry.h"

namespace reticle::fabric {
namespace {

constexpr double kRounding = 1e-9;  // of sums of a hundred thousand rates

// Classes running to their ends, and what that means for each rank.
class Exchange {
 public:
  Exchange(const Topology& topology, const std::vector<double>& payload, Toward toward,
           const std::vector<std::size_t>& ways)
      : topology_(topology), toward_(toward), filling_(topology, payload, toward, ways) {}

  ExchangeOutcome run() {
    out_.bytes = filling_.wire_bytes();
    bool share = true;
    while (filling_.any_active()) {
      if (share) {
        filling_.share();
      }
      const double seconds = filling_.to_next_end();
      now_ += seconds;
      share = filling_.advance(seconds, now_);
    }
    tell_ends();
    require_carried();
    return std::move(out_);
  }

 private:
  void tell_ends() {
    const auto ranks = static_cast<std::size_t>(topology_.placement().ranks);
    out_.ranks.resize(ranks);
    for (std::size_t own = 0; own < ranks; ++own) {
      for (std::size_t other = 0; other < ranks; ++other) {
        if (other != own) {
          tell_end(own, other);
        }
      }
    }
  }

  // Conservation, on every run: no link carries more than its rate allows until the last end.
  void require_carried() const {
    for (std::size_t link = 0; link < out_.bytes.size(); ++link) {
      if (out_.bytes[link] > topology_.resources()[link].capacity * now_ * (1 + kRounding)) {
        throw std::logic_error("an exchange gave a link more than its rate");
      }
    }
  }

  void tell_end(std::size_t own, std::size_t other) {
    const ExchangeFilling::End end = filling_.end(own, other);
    if (!end.flows) {
      return;
    }
    const std::int64_t sent = picoseconds(end.seconds);
    const bool to_own = toward_ == Toward::kTo;
    RankEnds& source = out_.ranks[to_own ? other : own];
    RankEnds& sink = out_.ranks[to_own ? own : other];
    source.sent_ps = std::max(source.sent_ps, sent);
    sink.incoming_ps = std::max(sink.incoming_ps, sent);
    sink.received_ps = std::max(sink.received_ps, sent + topology_.latency_ps(end.tier));
    if (sent > out_.finish_ps) {
      out_.finish_ps = sent;
      out_.bound = end.bound;
    }
  }

  const Topology& topology_;
  Toward toward_;
  ExchangeFilling filling_;
  double now_ = 0;
  ExchangeOutcome out_;
};

}  // namespace

ExchangeOutcome run_exchange(const Topology& every_rank, const std::vector<double>& payload,
                             Toward toward) {
  std::vector<std::size_t> ways;
  for (std::size_t tier = 0; tier < every_rank.tiers(); ++tier) {
    const std::optional<std::size_t> way = every_rank.common_way(tier);
    if (!way || every_rank.tier(tier).scope() == SCOPE_RAIL) {  // rails lie across nodes
      return run_exchange_in_pairs(every_rank, payload, toward);
    }
    ways.push_back(*way);
  }
  return Exchange(every_rank, payload, toward, ways).run();
}

ExchangeOutcome run_exchange_in_pairs(const Topology& every_rank,
                                      const std::vector<double>& payload, Toward toward) {
  const std::int64_t ranks = every_rank.placement().ranks;
  std::vector<FlowClass> flows;
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  for (std::int64_t own = 0; own < ranks; ++own) {
    const double bytes = payload[static_cast<std::size_t>(own)];
    for (std::int64_t other = 0; other < ranks && bytes > 0; ++other) {
      if (other != own) {
        const bool to_own = toward == Toward::kTo;
        pairs.emplace_back(to_own ? other : own, to_own ? own : other);
        flows.push_back(
            every_rank.flow(pairs.back().first, pairs.back().second, bytes, 1, Access::kWrite));
      }
    }
  }
  const Outcome outcome = run_merged(every_rank.resources(), flows);
  ExchangeOutcome out;
  out.finish_ps = outcome.finish_ps;
  out.ranks.resize(static_cast<std::size_t>(ranks));
  out.bound = outcome.last ? outcome.classes[*outcome.last].bound : std::nullopt;
  out.bytes.resize(every_rank.resources().size(), 0);
  for (std::size_t i = 0; i < flows.size(); ++i) {
    const std::int64_t sent = outcome.classes[i].finish_ps;
    const auto [from, to] = pairs[i];
    RankEnds& source = out.ranks[static_cast<std::size_t>(from)];
    RankEnds& sink = out.ranks[static_cast<std::size_t>(to)];
    source.sent_ps = std::max(source.sent_ps, sent);
    sink.incoming_ps = std::max(sink.incoming_ps, sent);
    sink.received_ps =
        std::max(sink.received_ps, sent + every_rank.latency_ps(every_rank.tier_between(from, to)));
    for (const Use& use : flows[i].uses) {
      out.bytes[use.resource] += flows[i].bytes;
    }
  }
  return out;
}

}  // namespace reticle::fabric
