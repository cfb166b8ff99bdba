#include "models/kernels/fast_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "models/chips/family.h"
#include "models/kernels/demand.h"
#include "models/kernels/extrapolation.h"
#include "models/kernels/roofline.h"
#include "sim/compute/pipeline_walk.h"
#include "sim/memory/tile_access.h"

namespace reticle::kernels {

namespace {

constexpr double kNeighbours = 2;          // row blocks of MLA decode, near one partition of L2
constexpr std::int64_t kTiles = 3;         // of a core that are walked one by one; the rest repeat
constexpr std::int64_t kCoreSteps = 2048;  // of a core, for what is not cut into tiles

constexpr std::array<engine::Ps, 6> kWaits = {1, 2, 4, 8, 16, 32};  // quarters of HBM's latency

// Bytes the laid-out cores read and write, by tensor, and their mean read.
struct Moved {
  std::vector<double> read;
  std::vector<double> written;
  double reads = 0;
};

Moved moved_by(const compute::TileProgram& program,
               const std::function<const compute::CoreSpec&(std::uint32_t)>& spec_of) {
  Moved moved;
  moved.read.resize(program.tensors.size(), 0);
  moved.written.resize(program.tensors.size(), 0);
  for (const compute::CoreProgram& core : program.cores) {
    const compute::CoreSpec& queues = spec_of(core.core);
    for (std::size_t q = 0; q < core.queues.size(); ++q) {
      const compute::QueueKind kind = queues.queues[q].kind;
      if (kind == compute::QueueKind::kUnit) {
        continue;
      }
      for (const compute::Instruction& instruction : core.queues[q]) {
        const bool store = kind == compute::QueueKind::kStore;
        const std::uint32_t tensor = memory::tensor_of(instruction.key);
        if (tensor < moved.read.size()) {
          (store ? moved.written : moved.read)[tensor] += instruction.bytes;
        }
        moved.reads += store ? 0 : 1;
      }
    }
  }
  return moved;
}

}  // namespace

struct FastModel::Traffic {
  std::vector<memory::TensorTraffic> tensors;
  double parts = 1;
  double missed = 0;        // bytes from HBM
  double written_back = 0;  // bytes to HBM
  double moved = 0;         // bytes between cores and L2
  double hbm_rate = 0;
  double back_ratio = 0;  // bytes written back for each byte that enters L2
};

FastModel::FastModel(const Chip& chip) {
  *site_.mutable_chip() = visible_to_kernels(chip);
  if (chip.hbm().has_timing()) {
    dram_.emplace(chips::dram_spec(chip.hbm()));
  }
}

void FastModel::set_clock(double clock_hz) {
  if (site_.clock_hz() != clock_hz) {
    site_.set_clock_hz(clock_hz);
    spec_ = chips::machine_spec(site_.chip(), clock_hz);
  }
}

DemandVector FastModel::run(const Operator& op, const Cores& cores, const L2State& l2,
                            const KernelVariants& variants, double clock_hz, engine::Ps wait) {
  const Chip& chip = site_.chip();
  if (chip.family() == FAMILY_ROOFLINE) {
    return roofline(op, chip);
  }
  check_cores(cores, chip);
  *site_.mutable_cores() = cores;
  set_clock(clock_hz);
  spec_.hbm.wait = wait;
  programs_.begin(op, cores, variants);
  Target target{chip, variants, cores, chip.clock()};
  target.sketch = true;
  return sum_of(kernel_runs(op, l2, target),
                [&](const KernelRun& run) { return run_one(run, target); });
}

DemandVector FastModel::run_with_response(const Operator& op, const Cores& cores, const L2State& l2,
                                          const KernelVariants& variants, double clock_hz) {
  DemandVector demand = run(op, cores, l2, variants, clock_hz);
  for (ResourceUse& use : *demand.mutable_use()) {
    if (use.resource() != RESOURCE_HBM || site_.chip().family() == FAMILY_ROOFLINE) {
      continue;
    }
    engine::Ps time = demand.time_ps();
    for (const engine::Ps quarters : kWaits) {
      const engine::Ps wait = quarters * spec_.hbm.latency / 4;
      time = std::max(time, run(op, cores, l2, variants, clock_hz, wait).time_ps());
      WaitResponse* response = use.add_response();
      response->set_wait_ps(wait);
      response->set_time_ps(time);
    }
  }
  return demand;
}

DemandVector FastModel::run_one(const KernelRun& run, const Target& target) {
  const std::int64_t cores = std::max(target.cores.matrix(), target.cores.vector());
  const auto parts = extrapolation(run.work, kCoreSteps * cores);
  if (!parts) {
    return walk(run, target);
  }
  return extrapolate(walk({parts->small, run.start}, target),
                     walk({parts->large, run.start}, target), parts->factor, run.work.operations);
}

// The busiest core to the end, or its first tiles and the rest of them like the last of these.
DemandVector FastModel::walk(const KernelRun& run, const Target& target) {
  Target limited = target;
  limited.wave_limit = kTiles;
  const compute::TileProgram& program = programs_.next([&] { return map(run.work, limited); });
  const Traffic traffic = traffic_of(program, run);
  double extrapolated = 0;
  chips::RunActivity activity = walked(program, traffic, extrapolated);
  activity.hbm_bytes = traffic.missed + traffic.written_back;
  activity.hbm_busy = engine::transfer_ps(activity.hbm_bytes, traffic.hbm_rate);
  activity.elapsed = std::max(activity.elapsed, activity.hbm_busy + spec_.hbm.latency);
  DemandVector demand = demand_of(program, activity, site_);
  demand.set_extrapolated(extrapolated / static_cast<double>(activity.elapsed));
  return demand;
}

// What the whole kernel does, from the part that is laid out.
chips::RunActivity FastModel::walked(const compute::TileProgram& program, const Traffic& traffic,
                                     double& extrapolated) const {
  // Not all cores have as much to do as the busiest: on average so many share with it.
  const double alike = std::min(program.sharers, program.parts);
  memory::FairMemory memory(spec_.l2, spec_.hbm, traffic.hbm_rate, alike, traffic.back_ratio);
  compute::PipelineWalk walk(memory, traffic.tensors, spec_.flag_latency);
  for (std::size_t i = 0; i < program.cores.size(); ++i) {
    walk.add(core_spec(program.cores[i].core), program.cores[i],
             program.before_last.empty() ? std::vector<std::size_t>{} : program.before_last[i]);
  }
  chips::RunActivity activity;
  activity.elapsed = walk.run();
  activity.hbm_backlog = memory.hbm_backlog(activity.elapsed);
  const auto left = std::llround(std::ceil(program.waves)) - program.tiles;
  if (left > 0) {
    const engine::Ps rest =
        left * (activity.elapsed - walk.end_of_milestone()) / program.last_tiles;
    extrapolated = static_cast<double>(rest);
    activity.elapsed += rest;
  }
  compute::Activity all = walk.activity();
  const auto whole = [&](auto part) { return static_cast<double>(part) * traffic.parts; };
  for (auto& [resource, cycles] : all.busy) {
    cycles = std::llround(whole(cycles));
  }
  for (auto& [resource, operations] : all.operations) {
    operations = whole(operations);
  }
  all.local_bytes = whole(all.local_bytes);
  activity.port_busy =
      static_cast<engine::Ps>(whole(all.port_busy) / std::max(1.0, program.sharers));
  activity.l2_bytes = traffic.moved;
  activity.l2_busy = static_cast<engine::Ps>(whole(memory.l2_busy()) / alike);
  activity.events = walk.instructions();
  activity.cores = {all};
  return activity;
}

// Each byte of a tensor that is not in L2 comes from HBM as often as the program says, and once
// over the crossing to every other partition; what enters L2 pushes out what was there, dirty or
// not.
FastModel::Traffic FastModel::traffic_of(const compute::TileProgram& program,
                                         const KernelRun& run) {
  const Moved moved = moved_by(
      program, [this](std::uint32_t core) -> const compute::CoreSpec& { return core_spec(core); });
  const memory::L2Spec& l2 = spec_.l2;
  const double others = static_cast<double>(l2.partitions) - 1;
  Traffic traffic;
  traffic.parts = program.parts;
  double copied = 0;
  double resident_bytes = 0;
  double written = 0;
  double new_written = 0;  // workspaces are written over and over in place
  for (std::size_t t = 0; t < moved.read.size(); ++t) {
    const double read = moved.read[t] * program.parts;
    const bool outside = t < run.work.tensors.size();
    const double times = t < program.fetches.size() ? program.fetches[t] : 1;
    const double fetched = outside ? std::min(read, times * program.tensor_bytes[t]) : 0;
    const bool resident =
        !outside || std::find(run.start.resident.begin(), run.start.resident.end(),
                              program.tensors[t]) != run.start.resident.end();
    memory::TensorTraffic one;
    if (read > 0) {
      const double entering = outside ? fetched : read;
      one.missed = resident ? 0 : fetched / read;
      const double together = run.work.mla ? std::min(read / entering, kNeighbours) : 1;
      one.crossed = std::min(others / l2.partitions / together, others * entering / read);
      one.first_use = !resident;
      copied += read * one.crossed;
    }
    traffic.missed += one.missed * read;
    traffic.moved += read;
    const double stored = moved.written[t] * program.parts;
    written += stored;
    new_written += std::min(stored, program.tensor_bytes[t]);
    resident_bytes += resident && outside ? program.tensor_bytes[t] : 0;
    traffic.tensors.push_back(one);
  }
  traffic.moved += written;
  const double entering = traffic.missed + new_written;
  const double room = std::max(0.0, l2.capacity - resident_bytes);
  traffic.written_back =
      std::min(entering + copied, run.start.leftover.bytes) * run.start.leftover.dirty_share;
  if (entering + copied > room) {
    traffic.written_back += new_written * (1 - room / (entering + copied));
  }
  const double passing = traffic.missed + written;
  traffic.back_ratio = passing == 0 ? 0 : traffic.written_back / passing;
  const double mean =
      std::accumulate(moved.read.begin(), moved.read.end(), 0.0) / std::max(1.0, moved.reads);
  const double hbm = traffic.missed + traffic.written_back;
  traffic.hbm_rate = hbm_rate(mean, hbm == 0 ? 0 : traffic.written_back / hbm);
  return traffic;
}

// As Hbm::serve: a request is striped over as many channels as it has interleave units.
double FastModel::hbm_rate(double request_bytes, double write_share) {
  const memory::HbmSpec& hbm = spec_.hbm;
  if (!dram_ || request_bytes < 1) {
    return hbm.channel_bandwidth * hbm.channels;
  }
  const auto bytes = static_cast<std::uint32_t>(request_bytes);
  const std::uint32_t units = (bytes + hbm.interleave - 1) / hbm.interleave;
  const std::uint32_t whole = units / std::min(units, hbm.channels);
  return dram_->bandwidth(std::min(bytes, whole * hbm.interleave), write_share) * hbm.channels;
}

const compute::CoreSpec& FastModel::core_spec(std::uint32_t core) const {
  std::uint32_t end = 0;
  for (const chips::CoreGroup& group : spec_.groups) {
    end += group.count;
    if (core < end) {
      return group.core;
    }
  }
  throw std::logic_error("no core " + std::to_string(core));
}

}  // namespace reticle::kernels
