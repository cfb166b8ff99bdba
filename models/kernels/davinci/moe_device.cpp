#include "models/kernels/davinci/moe_device.h"

#include <algorithm>
#include <numeric>

#include "models/kernels/davinci/core_units.h"
#include "models/kernels/numbers.h"
#include "schema/dtype.h"

namespace reticle::kernels::davinci {

using compute::ceil_div;

namespace {

constexpr double kPicoseconds = 1e12;
constexpr double kIndex = 4;  // bytes of an expert number, a count
constexpr double kFlag = 32;  // bytes of a flag with its count: one UB block
constexpr double kBf16 = 2;   // bytes
constexpr double kTail = 44;  // bytes after a quantised row: scale in a block of 32, three numbers
constexpr std::int64_t kLinks = 2;  // pointers from a rank's number to its window (HcclOpResParam)
constexpr std::int64_t kBuffers = 2;       // of a queue in UB
constexpr std::int64_t kBarrierFlags = 2;  // SyncAll: every core to one, one to every core
// Every core's scalar unit walks over the expert numbers of all rows: it reads a number from UB,
// then that expert's count, and writes the count back.
constexpr std::int64_t kCountSyncs = 1;
// Cast to FP32, Abs, maximum, multiply, cast to int32, to half, to int8.
constexpr std::int64_t kQuantisePasses = 7;
constexpr std::int64_t kQuantiseSyncs = 2;  // the maximum to the scalar unit, its scale back
constexpr std::int64_t kCopySyncs = 2;      // all queues empty; a row's scale with the scalar unit
// Cast to FP32, multiply by the weight, add.
constexpr std::int64_t kSumPasses = 3;
constexpr std::int64_t kPollSyncs = 2;   // flags loaded, their sum read
constexpr std::int64_t kClearSyncs = 2;  // zeroes written to UB, then stored
constexpr std::int64_t kSumsPasses = 3;  // sums of counts: of all, of those before, in steps

// One vector core's costs, in ps.
class CoreTimes {
 public:
  explicit CoreTimes(const DeviceSite& site)
      : core_(site.chip.davinci()),
        unit_(vector_unit(core_)),
        clock_hz_(site.clock_hz),
        l2_(seconds(site.chip.l2().latency())),
        hbm_(seconds(site.chip.hbm().latency())) {}

  double passes(std::int64_t elements, std::int64_t count) const {
    return clocks(real(simple_cycles(unit_, elements, count)));
  }
  double sync(std::int64_t count) const { return clocks(real(count) * core_.scalar_sync()); }
  double barrier() const { return real(kBarrierFlags) * seconds(core_.cross_core_flag()); }
  double load_port(double bytes) const { return clocks(issue(bytes / core_.mte2_vector())); }
  double store_port(double bytes) const { return clocks(issue(bytes / core_.mte3())); }
  double load(double bytes) const { return l2_ + load_port(bytes); }
  double store(double bytes) const { return l2_ + store_port(bytes); }
  double l2() const { return l2_; }
  // A write to another rank until it is acknowledged, beside the time it is under way.
  double remote(double bytes) const {
    return std::max(store_port(bytes), seconds(bytes / core_.remote_rate()));
  }
  // The window is read and written past L2 (cache hint off): somebody else's write is in HBM.
  double window_load(double bytes) const { return hbm_ + load_port(bytes); }

 private:
  double clocks(double cycles) const { return cycles / clock_hz_ * kPicoseconds; }
  static double seconds(double value) { return value * kPicoseconds; }
  double issue(double cycles) const { return std::max(cycles, real(core_.mte_issue())); }

  const Davinci& core_;
  compute::VectorUnit unit_;
  double clock_hz_;
  double l2_;
  double hbm_;
};

// Shares of one core; the busiest counts.
struct CoreShare {
  std::int64_t rows;      // to send, and as many to receive
  std::int64_t all_rows;  // of the rank
  std::int64_t tokens;
  std::int64_t experts;    // to tell counts and flags, and as many flags to poll
  std::int64_t new_ranks;  // receivers whose window address is not known yet
};

CoreShare core_share(const DeviceSite& site, const MoeTransfer& op) {
  const std::int64_t cores = site.vector_cores;
  CoreShare share{};
  share.all_rows = op.tokens_per_rank() * op.topk();
  share.rows = ceil_div(share.all_rows, cores);
  share.tokens = ceil_div(op.tokens_per_rank(), cores);
  share.experts = ceil_div(op.experts(), cores);
  share.new_ranks = std::min<std::int64_t>(share.rows, op.ranks());
  return share;
}

class Phases {
 public:
  void add(const std::string& name, double ps) {
    work_.phases.push_back({name, static_cast<std::int64_t>(std::max(0.0, ps))});
  }
  DeviceWork take() { return std::move(work_); }

 private:
  DeviceWork work_;
};

// Own state word in and out (double-buffered windows), then the kernel's list of numbers.
double start_time(const CoreTimes& core, double list_bytes) {
  return core.load(2 * kFlag) + core.store(2 * kFlag) + core.sync(2) + core.load(list_bytes) +
         core.sync(1);
}

// Until the flags of all senders are seen, and cleared for the next time.
double poll_time(const CoreTimes& core, std::int64_t flags) {
  const double bytes = real(flags) * kFlag;
  const std::int64_t elements = flags * static_cast<std::int64_t>(kFlag / kIndex);
  return core.load(bytes) + core.passes(elements, 1) + core.sync(kPollSyncs) +
         core.passes(elements, 1) + core.sync(kClearSyncs) + core.store(bytes);
}

// All flags with their counts are read by every core once all of them are there, gathered, summed.
double count_time(const CoreTimes& core, std::int64_t flags) {
  const std::int64_t elements = flags * static_cast<std::int64_t>(kFlag / kIndex);
  return core.barrier() + core.load(real(flags) * kFlag) + core.passes(elements, 1) +
         core.passes(flags, kSumsPasses) + core.sync(2);
}

// Two buffers take turns: neither a step nor the whole way of a row, halved, is waited for less.
double in_turns(double first, double second, double whole) {
  return std::max({first, second, whole / real(kBuffers)});
}

// A received row out of the window: with a scale to be taken out of it, all queues are waited for
// (pipe_barrier), so that a store only runs beside the next load.
double copy_time(const CoreTimes& core, double bytes, bool has_scale) {
  const double load = core.window_load(bytes);
  const double store = core.store(bytes);
  return has_scale ? std::max(load, store) + core.sync(kCopySyncs)
                   : in_turns(core.load_port(bytes), core.store_port(bytes), load + store);
}

void add_demand(DeviceWork& work, const Chip& chip, const std::vector<double>& amounts) {
  const Energy& energy = chip.energy();
  const std::vector<std::pair<std::string, double>> components = {{"hbm", energy.hbm_byte()},
                                                                  {"l2", energy.l2_byte()},
                                                                  {"local", energy.local_byte()},
                                                                  {"vector", energy.vector_op()}};
  for (std::size_t i = 0; i < components.size(); ++i) {
    ComponentEnergy* component = work.demand.add_energy();
    component->set_component(components[i].first);
    component->set_joules(amounts[i] * components[i].second);
  }
  work.demand.set_time_ps(work.time_ps());
  work.demand.set_bound_by(RESOURCE_SYNC);
}

}  // namespace

std::int64_t DeviceWork::time_ps() const {
  return std::accumulate(phases.begin(), phases.end(), std::int64_t{0},
                         [](std::int64_t sum, const DevicePhase& phase) { return sum + phase.ps; });
}

DeviceWork dispatch_work(const DeviceSite& site, const MoeTransfer& op) {
  const CoreTimes core(site);
  const CoreShare share = core_share(site, op);
  const bool quantises = is_quantized(op.dtype());
  const double token = real(op.hidden()) * kBf16;
  const double row = real(op.hidden()) * element_bytes(op.dtype()) + kTail;
  const auto flight = static_cast<double>(site.flight_ps);
  const double chain =
      core.load(token) +
      (quantises ? core.passes(op.hidden(), kQuantisePasses) + core.sync(kQuantiseSyncs) : 0);
  const double a_row = in_turns(chain, core.remote(row), chain + core.remote(row) + flight);
  const double addresses = real(share.new_ranks * kLinks) * core.l2();
  Phases phases;
  phases.add("start", start_time(core, real(share.all_rows) * kIndex));
  phases.add("count", core.sync(kCountSyncs * share.all_rows));
  phases.add("send", real(share.rows) * a_row + addresses - static_cast<double>(site.wire_ps));
  phases.add("flags",
             core.barrier() + real(share.experts) * core.store_port(kFlag) + core.sync(1) + flight);
  phases.add("poll", poll_time(core, share.experts));
  phases.add("counts over cores", count_time(core, op.experts()));
  phases.add("copy out", real(share.rows) * site.expert_rows * copy_time(core, row, quantises));
  phases.add("totals", core.store(real(share.experts) * kIndex) + core.sync(1));
  DeviceWork work = phases.take();
  const double rows = real(share.all_rows);
  const double passes = quantises ? real(kQuantisePasses) * real(op.hidden()) : 0;
  add_demand(
      work, site.chip,
      {2 * rows * row, rows * (token + 3 * row), 2 * rows * (token + 3 * row), rows * passes});
  return work;
}

DeviceWork combine_work(const DeviceSite& site, const MoeTransfer& op) {
  const CoreTimes core(site);
  const CoreShare share = core_share(site, op);
  const double row = real(op.hidden()) * element_bytes(op.dtype());
  const auto flight = static_cast<double>(site.flight_ps);
  // The flag may leave when its row has arrived (a barrier of MTE3); loads run ahead.
  const double a_row =
      std::max(core.remote(row) + flight + core.store_port(kFlag), core.load(row) / real(kBuffers));
  const double addresses = real(share.new_ranks * kLinks) * core.l2();
  const double sum = core.passes(op.hidden(), kSumPasses);
  const double a_copy =
      std::max({core.load_port(row), sum, (core.window_load(row) + sum) / real(kBuffers)});
  const double a_token = poll_time(core, op.topk()) + core.window_load(row) +
                         real(op.topk()) * a_copy + core.passes(op.hidden(), 1) + core.sync(1);
  Phases phases;
  phases.add("start", start_time(core, 3 * real(share.rows) * kIndex));
  phases.add("send", core.load(row) + real(share.rows) * site.expert_rows * a_row + addresses -
                         static_cast<double>(site.wire_ps));
  phases.add("flags", flight);
  phases.add("poll and sum", real(share.tokens) * a_token + core.store(row));
  DeviceWork work = phases.take();
  const double rows = real(share.all_rows);
  add_demand(work, site.chip,
             {2 * rows * row, rows * 3 * row, 2 * rows * 3 * row,
              rows * real(kSumPasses) * real(op.hidden())});
  return work;
}

}  // namespace reticle::kernels::davinci
