#include "models/systems/routing.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "schema/errors.h"

namespace reticle::systems {
namespace {

double choose(std::int64_t n, std::int64_t k) {
  double out = 1;
  for (std::int64_t i = 0; i < k; ++i) {
    out *= static_cast<double>(n - i) / static_cast<double>(i + 1);
  }
  return k < 0 || k > n ? 0 : out;
}

void check_groups(const MoeTransfer& op) {
  if (op.experts() % op.groups() != 0) {
    throw UsageError("groups=" + std::to_string(op.groups()) +
                     ": do not divide experts=" + std::to_string(op.experts()));
  }
  const std::int64_t picked = op.has_topk_groups() ? op.topk_groups() : op.groups();
  if (picked > op.groups()) {
    throw UsageError("topk_groups=" + std::to_string(picked) +
                     ": more than groups=" + std::to_string(op.groups()));
  }
  if (op.topk() > op.experts() / op.groups() * picked) {
    throw UsageError("topk=" + std::to_string(op.topk()) +
                     ": more than the experts of topk_groups=" + std::to_string(picked));
  }
}

// Of whole groups, any number of which may be among the picked.
double touch_groups(const MoeTransfer& op, std::int64_t held) {
  const std::int64_t size = op.experts() / op.groups();
  double out = 0;
  for (std::int64_t in = 1; in <= std::min(held, op.topk_groups()); ++in) {
    const double chance = choose(held, in) * choose(op.groups() - held, op.topk_groups() - in) /
                          choose(op.groups(), op.topk_groups());
    out += chance *
           touch_probability(size * op.topk_groups(), static_cast<double>(in * size), op.topk());
  }
  return out;
}

}  // namespace

double touch_probability(std::int64_t experts, double held, std::int64_t topk) {
  double missed = 1;
  for (std::int64_t drawn = 0; drawn < topk; ++drawn) {
    missed *= std::max(0.0, static_cast<double>(experts - drawn) - held) /
              static_cast<double>(experts - drawn);
  }
  return 1 - missed;
}

double touch_probability(const MoeTransfer& op, double held) {
  if (!op.has_groups()) {
    return touch_probability(op.experts(), held, op.topk());
  }
  check_groups(op);
  if (!op.has_topk_groups() || op.topk_groups() == op.groups()) {
    return touch_probability(op.experts(), held, op.topk());
  }
  const std::int64_t size = op.experts() / op.groups();
  if (held <= static_cast<double>(size)) {
    const double picked = static_cast<double>(op.topk_groups()) / static_cast<double>(op.groups());
    return picked * touch_probability(size * op.topk_groups(), held, op.topk());
  }
  // Between whole groups (uneven loads only) in proportion.
  const double groups = held / static_cast<double>(size);
  const double whole = std::floor(groups);
  const double below = touch_groups(op, static_cast<std::int64_t>(whole));
  const auto above = std::min(op.groups(), static_cast<std::int64_t>(whole) + 1);
  return below + (groups - whole) * (touch_groups(op, above) - below);
}

Touched touched(const MoeTransfer& op, const fabric::Placement& placement,
                const std::vector<double>& shares) {
  const auto experts = static_cast<double>(op.experts());
  Touched out;
  out.nodes.resize(static_cast<std::size_t>(placement.node(placement.ranks - 1)) + 1, 0);
  for (std::size_t rank = 0; rank < shares.size(); ++rank) {
    out.ranks.push_back(touch_probability(op, shares[rank] * experts));
    out.nodes[static_cast<std::size_t>(placement.node(static_cast<std::int64_t>(rank)))] +=
        shares[rank];
  }
  for (double& node : out.nodes) {
    node = touch_probability(op, node * experts);
  }
  return out;
}

}  // namespace reticle::systems
