#include "models/kernels/extrapolation.h"

#include <algorithm>
#include <cmath>

#include "sim/compute/units.h"

namespace reticle::kernels {

namespace {

using compute::ceil_div;

constexpr std::int64_t kTile = 128;
constexpr std::int64_t kDepth = 64;
constexpr double kVectorTile = 16 * 1024;  // bytes

double line(double small, double large, double factor) { return large + (large - small) * factor; }

const ResourceUse* use_of(const DemandVector& demand, Resource resource) {
  for (const ResourceUse& use : demand.use()) {
    if (use.resource() == resource) {
      return &use;
    }
  }
  return nullptr;
}

// Mean over the whole kernel, of which the part between `small` and `large` repeats.
engine::Ps backlog(const DemandVector& small, const ResourceUse& less, const DemandVector& large,
                   const ResourceUse& more, double factor) {
  const auto area = [](const DemandVector& demand, const ResourceUse& use) {
    return static_cast<double>(demand.time_ps()) * static_cast<double>(use.backlog_ps());
  };
  const double time =
      line(static_cast<double>(small.time_ps()), static_cast<double>(large.time_ps()), factor);
  return std::llround(std::max(0.0, line(area(small, less), area(large, more), factor)) /
                      std::max(1.0, time));
}

// How many times the work repeats itself.
std::int64_t& repeats(Work& work) {
  if (work.attention) {
    return work.attention->sequences;
  }
  if (work.combine) {
    return work.combine->rows;
  }
  return work.mla ? work.mla->sequences : work.vector->rows;
}

Work cut(Work work, std::int64_t length) {
  if (work.combine) {
    work.combine->partials = work.combine->partials / work.combine->rows * length;
  }
  repeats(work) = length;
  return work;
}

}  // namespace

std::int64_t tile_steps(const Work& work) {
  if (work.gemm) {
    std::int64_t blocks = 0;
    for (const std::int64_t rows : work.gemm->rows) {
      blocks += ceil_div(rows, kTile);
    }
    return blocks * ceil_div(work.gemm->n, kTile) * ceil_div(work.gemm->k, kDepth);
  }
  if (work.mla) {
    return work.mla->sequences * ceil_div(work.mla->queries, kTile) *
           ceil_div(work.mla->kv_len, kTile) *
           ceil_div(work.mla->key_width + work.mla->value_width, kDepth);
  }
  if (work.attention) {
    const AttentionWork& attention = *work.attention;
    const std::int64_t rows = ceil_div(attention.positions * attention.group, kTile);
    return attention.sequences * attention.kv_heads * rows * ceil_div(attention.kv_len, kTile) *
           ceil_div(attention.key_width + attention.value_width, kDepth) /
           (attention.causal ? 2 : 1);
  }
  if (work.combine) {
    return work.combine->partials * work.combine->width * 4 /
           static_cast<std::int64_t>(kVectorTile);
  }
  const VectorWork& vector = *work.vector;
  return static_cast<std::int64_t>(static_cast<double>(vector.rows) *
                                   (vector.read_bytes + vector.write_bytes) / kVectorTile);
}

std::optional<Extrapolation> extrapolation(const Work& work, std::int64_t step_budget) {
  const std::int64_t all = tile_steps(work);
  if (all <= step_budget || work.gemm) {
    return std::nullopt;
  }
  Work whole = work;
  const std::int64_t length = repeats(whole);
  const double share = static_cast<double>(step_budget) / static_cast<double>(all);
  const auto half = static_cast<std::int64_t>(share * static_cast<double>(length) / 2);
  const std::int64_t small = std::max<std::int64_t>(half, 1);
  if (2 * small >= length) {
    return std::nullopt;
  }
  return Extrapolation{cut(work, small), cut(work, 2 * small),
                       static_cast<double>(length - 2 * small) / static_cast<double>(small)};
}

DemandVector extrapolate(const DemandVector& small, const DemandVector& large, double factor,
                         double operations) {
  const auto time = [factor](std::int64_t a, std::int64_t b) {
    return std::llround(line(static_cast<double>(a), static_cast<double>(b), factor));
  };
  DemandVector result = large;
  result.set_time_ps(time(small.time_ps(), large.time_ps()));
  for (ResourceUse& use : *result.mutable_use()) {
    const ResourceUse* less = use_of(small, use.resource());
    use.set_busy_ps(time(less == nullptr ? 0 : less->busy_ps(), use.busy_ps()));
    if (less != nullptr) {
      use.set_backlog_ps(backlog(small, *less, large, use, factor));
    }
    use.set_amount(line(less == nullptr ? 0 : less->amount(), use.amount(), factor));
  }
  for (int i = 0; i < result.energy_size() && i < small.energy_size(); ++i) {
    ComponentEnergy& energy = *result.mutable_energy(i);
    energy.set_joules(line(small.energy(i).joules(), energy.joules(), factor));
  }
  result.set_operations(operations);
  result.set_events(small.events() + large.events());
  result.set_extrapolated(1 - static_cast<double>(large.time_ps()) /
                                  static_cast<double>(std::max<std::int64_t>(1, result.time_ps())));
  return result;
}

}  // namespace reticle::kernels
