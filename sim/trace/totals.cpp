#include "sim/trace/totals.h"

#include <algorithm>

#include "sim/trace/chunk_decode.h"

namespace reticle::trace {
namespace {

constexpr double kSecondsPerPs = 1e-12;

std::uint64_t stored(std::int64_t time_ps) { return static_cast<std::uint64_t>(time_ps); }

void write(const std::vector<TrackTotals>& tracks, rtrace::TrackTotals& out) {
  for (const TrackTotals& t : tracks) {
    out.add_slices(t.slices);
    out.add_busy_ps(t.busy_ps);
    out.add_first_ps(stored(t.first_ps));
    out.add_last_ps(stored(t.last_ps));
    out.add_depths(t.depths);
  }
}

void write(const std::vector<CounterTotals>& counters, rtrace::CounterTotals& out) {
  for (const CounterTotals& c : counters) {
    out.add_samples(c.samples);
    out.add_first_ps(stored(c.first_ps));
    out.add_last_ps(stored(c.last_ps));
    out.add_min(c.min);
    out.add_max(c.max);
    out.add_last_value(c.last_value);
    out.add_integral(c.integral);
  }
}

std::vector<TrackTotals> read(const rtrace::TrackTotals& in) {
  const int n = in.slices_size();
  require(in.busy_ps_size() == n && in.first_ps_size() == n && in.last_ps_size() == n &&
              in.depths_size() == n,
          "totals of tracks differ in length");
  std::vector<TrackTotals> out;
  out.reserve(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) {
    out.push_back({in.slices(i), in.busy_ps(i), time_ps(in.first_ps(i)), time_ps(in.last_ps(i)),
                   in.depths(i)});
  }
  return out;
}

std::vector<CounterTotals> read(const rtrace::CounterTotals& in) {
  const int n = in.samples_size();
  require(in.first_ps_size() == n && in.last_ps_size() == n && in.min_size() == n &&
              in.max_size() == n && in.last_value_size() == n && in.integral_size() == n,
          "totals of counters differ in length");
  std::vector<CounterTotals> out;
  out.reserve(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) {
    out.push_back({in.samples(i), time_ps(in.first_ps(i)), time_ps(in.last_ps(i)), in.min(i),
                   in.max(i), in.last_value(i), in.integral(i)});
  }
  return out;
}

}  // namespace

void Span::add(std::int64_t from_ps, std::int64_t to_ps) {
  first_ps = empty ? from_ps : std::min(first_ps, from_ps);
  last_ps = empty ? to_ps : std::max(last_ps, to_ps);
  empty = false;
}

void Totals::add_slice(TrackId id, std::uint32_t depth, std::int64_t start_ps,
                       std::int64_t duration_ps) {
  TrackTotals& track = tracks[id.value - 1];
  const std::int64_t end_ps = start_ps + duration_ps;
  track.first_ps = track.slices == 0 ? start_ps : std::min(track.first_ps, start_ps);
  track.last_ps = std::max(track.last_ps, end_ps);
  track.depths = std::max(track.depths, depth + 1);
  track.busy_ps += depth == 0 ? stored(duration_ps) : 0;
  ++track.slices;
  ++slices;
  span.add(start_ps, end_ps);
}

void Totals::add_sample(CounterId id, std::int64_t time_ps, double value) {
  CounterTotals& c = counters[id.value - 1];
  if (c.samples == 0) {
    c = {0, time_ps, time_ps, value, value, value, 0};
  }
  c.integral += c.last_value * (static_cast<double>(time_ps - c.last_ps) * kSecondsPerPs);
  c.min = std::min(c.min, value);
  c.max = std::max(c.max, value);
  c.last_value = value;
  c.last_ps = time_ps;
  ++c.samples;
  ++samples;
  span.add(time_ps, time_ps);
}

void Totals::add_flow(const Flow& flow) {
  ++flows;
  span.add(std::min(flow.from.time_ps, flow.to.time_ps),
           std::max(flow.from.time_ps, flow.to.time_ps));
}

void Totals::add(const SliceBlock& block) {
  for (const LaneRows& lane : block.lanes) {
    for (std::size_t row = lane.begin; row < lane.end; ++row) {
      add_slice(lane.track, lane.depth, block.start_ps[row], block.duration_ps[row]);
    }
  }
}

void Totals::add(const SampleBlock& block) {
  for (const CounterRows& rows : block.counters) {
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      add_sample(rows.counter, block.time_ps[row], block.value[row]);
    }
  }
}

void to_index(const Totals& totals, rtrace::Index& index) {
  index.set_first_ps(stored(totals.span.first_ps));
  index.set_last_ps(stored(totals.span.last_ps));
  index.set_slices(totals.slices);
  index.set_samples(totals.samples);
  index.set_flows(totals.flows);
  write(totals.tracks, *index.mutable_tracks());
  write(totals.counters, *index.mutable_counters());
}

Totals from_index(const rtrace::Index& index) {
  Totals totals;
  totals.slices = index.slices();
  totals.samples = index.samples();
  totals.flows = index.flows();
  totals.tracks = read(index.tracks());
  totals.counters = read(index.counters());
  if (totals.slices + totals.samples + totals.flows > 0) {
    totals.span.add(time_ps(index.first_ps()), time_ps(index.last_ps()));
  }
  return totals;
}

}  // namespace reticle::trace
