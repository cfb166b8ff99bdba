#include "study/run/rank_result.h"

#include <algorithm>
#include <numeric>

namespace reticle::study {

namespace {

constexpr double kPsPerMs = 1e9;
constexpr std::size_t kShownLinks = 8;

double ms(engine::Ps ps) { return static_cast<double>(ps) / kPsPerMs; }

template <class Value>
Spread spread(const std::vector<systems::RankUse>& ranks, Value value) {
  Spread out;
  double sum = 0;
  out.set_min(ms(value(ranks.front())));
  for (const systems::RankUse& rank : ranks) {
    const double one = ms(value(rank));
    out.set_min(std::min(out.min(), one));
    out.set_max(std::max(out.max(), one));
    sum += one;
  }
  out.set_mean(sum / static_cast<double>(ranks.size()));
  return out;
}

// Mean rows of a rank's experts over the layers.
std::vector<double> mean_rows(const std::map<int, RowsByRank>& layers, std::size_t ranks) {
  std::vector<double> out(ranks, 0);
  for (const auto& [layer, rows] : layers) {
    for (std::size_t rank = 0; rank < ranks; ++rank) {
      out[rank] += static_cast<double>(total(rows[rank])) / static_cast<double>(layers.size());
    }
  }
  return out;
}

// Rows of the busiest rank over the mean, averaged over the layers.
double imbalance(const std::map<int, RowsByRank>& layers) {
  double sum = 0;
  for (const auto& [layer, rows] : layers) {
    const std::vector<double> share = shares(rows);
    sum += *std::max_element(share.begin(), share.end()) * static_cast<double>(share.size());
  }
  return layers.empty() ? 1 : sum / static_cast<double>(layers.size());
}

void add_links(RanksResult& out, const fabric::Topology& topology, const std::vector<double>& bytes,
               double seconds) {
  const std::vector<fabric::Resource>& links = topology.resources();
  const auto utilisation = [&](std::size_t link) {
    return bytes[link] / links[link].capacity / seconds;
  };
  std::vector<std::size_t> order(links.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return utilisation(a) > utilisation(b); });
  for (std::size_t i = 0; i < std::min(kShownLinks, order.size()); ++i) {
    if (bytes[order[i]] > 0) {
      LinkFigures* link = out.add_hot_links();
      link->set_link(links[order[i]].name);
      link->set_gb(bytes[order[i]] * 1e-9);
      link->set_utilisation(utilisation(order[i]));
    }
  }
}

}  // namespace

RanksResult rank_result(const ScenarioInputs& inputs, const systems::JointRun& run,
                        const std::map<int, RowsByRank>& rows, const fabric::Topology& topology,
                        const std::vector<double>& link_bytes) {
  RanksResult out;
  const systems::RankUse& straggler = run.ranks[run.straggler];
  out.mutable_straggler()->set_rank(static_cast<std::int64_t>(run.straggler));
  out.mutable_straggler()->set_awaited_ms(ms(straggler.awaited_ps));
  out.mutable_straggler()->set_meetings(straggler.last_at);
  out.set_imbalance(imbalance(rows));
  *out.mutable_compute_ms() = spread(run.ranks, [](const auto& use) { return use.kernels_ps; });
  *out.mutable_transfer_ms() = spread(run.ranks, [](const auto& use) { return use.transfer_ps; });
  *out.mutable_waiting_ms() = spread(run.ranks, [](const auto& use) { return use.waiting_ps; });
  add_links(out, topology, link_bytes, static_cast<double>(run.end_ps) * 1e-12);
  const std::vector<double> expert_rows = mean_rows(rows, run.ranks.size());
  for (std::size_t rank = 0; rank < run.ranks.size(); ++rank) {
    const systems::RankUse& use = run.ranks[rank];
    RankFigures* one = out.add_by_rank();
    one->set_rank(static_cast<std::int64_t>(rank));
    one->set_die(inputs.machine.placement().die(static_cast<std::int64_t>(rank)));
    one->set_expert_rows(expert_rows[rank]);
    one->set_compute_ms(ms(use.kernels_ps));
    one->set_transfer_ms(ms(use.transfer_ps));
    one->set_waiting_ms(ms(use.waiting_ps));
    one->set_awaited_ms(ms(use.awaited_ps));
    one->set_end_ms(ms(use.end_ps));
  }
  return out;
}

}  // namespace reticle::study
