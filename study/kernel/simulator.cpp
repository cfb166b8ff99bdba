#include "study/kernel/simulator.h"

#include <array>
#include <cstdio>
#include <map>
#include <utility>

#include "models/kernels/demand.h"
#include "models/kernels/kernel_key.h"
#include "models/kernels/work.h"
#include "schema/config/assign.h"
#include "schema/config/canonical.h"
#include "schema/errors.h"
#include "sim/trace/recorder.h"

namespace reticle::study {

namespace {

// Shapes no memory could hold would not end either.
void require_room(const Operator& op, const Chip& chip) {
  double bytes = 0;
  for (const kernels::Work& kernel : kernels::kernels_of(op)) {
    for (const kernels::Tensor& tensor : kernel.tensors) {
      bytes += tensor.carried ? 0 : tensor.bytes;
    }
  }
  if (bytes > chip.hbm().capacity()) {
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "the operands take %.4g GB of the %.4g GB of ",
                  bytes * 1e-9, chip.hbm().capacity() * 1e-9);
    throw UsageError(text.data() + chip.name());
  }
}

void require_microarchitecture(const Chip& chip) {
  if (chip.family() == FAMILY_ROOFLINE) {
    throw UsageError("chip " + chip.name() +
                     " has no published microarchitecture, only peaks: cycle cannot simulate it "
                     "(--fidelity fast gives its roofline)");
  }
}

}  // namespace

Simulator::Simulator(const std::string& label, const Chip& chip, const Software& software,
                     Fidelity fidelity, kernels::Store& store, std::function<void()> before_kernel)
    : chip_(chip),
      power_(chips::power_spec(chip)),
      software_(software),
      fidelity_(fidelity),
      fast_(chip),
      store_(store),
      before_kernel_(std::move(before_kernel)) {
  if (fidelity == FIDELITY_CYCLE) {
    require_microarchitecture(chip);
    model_.emplace(label, chip);
  }
}

kernels::KernelModel& Simulator::machine(const std::string& wanted) {
  if (!model_) {
    throw UsageError(wanted + " watches the simulation at --fidelity cycle; fast has none");
  }
  return *model_;
}

DemandVector Simulator::fast(const Operator& op, const Cores& cores, const L2State& l2,
                             double clock_hz) {
  require_room(op, chip_);
  before_kernel_();
  return fast_.run(op, cores, l2, software_.kernels(), clock_hz);
}

void Simulator::add_response(DemandVector& demand, const Operator& op, const Cores& cores,
                             const L2State& l2) {
  const auto text = [](const auto& message) { return config::deterministic_bytes(message) + "|"; };
  const auto [known, fresh] = responses_.try_emplace(text(op) + text(cores) + text(l2));
  if (fresh) {
    known->second =
        fast_.run_with_response(op, cores, l2, software_.kernels(), power_.curve.max_clock_hz);
  }
  kernels::take_response(demand, known->second);
}

KernelKey Simulator::key(const Operator& op, const Cores& cores, const L2State& l2,
                         double clock_hz) const {
  KernelKey key = kernels::make_key(chip_, software_, op, cores, l2, fidelity_);
  key.set_clock_hz(clock_hz);
  return key;
}

DemandVector Simulator::demand(const Operator& op, const Cores& cores, const L2State& l2,
                               double clock_hz) {
  if (fidelity_ == FIDELITY_FAST) {
    return fast(op, cores, l2, clock_hz);
  }
  const KernelKey key = this->key(op, cores, l2, clock_hz);
  if (const auto known = store_.find(key)) {
    return *known;
  }
  require_room(op, chip_);
  before_kernel_();
  const DemandVector demand = model_->run(key);
  store_.put(key, demand);
  return demand;
}

DemandVector Simulator::demand_alone(const Operator& op, const L2State& l2, double clock_hz) {
  return demand(op, kernels::all_cores(chip_), l2, clock_hz);
}

void Simulator::trace(const Operator& op, const L2State& l2, double clock_hz,
                      const std::filesystem::path& file) {
  kernels::KernelModel& model = machine("--trace");
  const KernelKey key = this->key(op, kernels::all_cores(chip_), l2, clock_hz);
  trace::Recorder recorder(
      file,
      {"reticle " RETICLE_VERSION,
       {{"chip", chip_.name()}, {"op", config::op_name(op)}, {"shape", kernels::shape_text(op)}}});
  const trace::TrackId rank =
      recorder.add_track(trace::kNoTrack, chip_.name(), rtrace::TRACK_KIND_RANK);
  std::map<std::string, trace::TrackId> tracks;
  model.watch(key, [&](const kernels::KernelModel::Slice& slice) {
    auto track = tracks.find(slice.queue);
    if (track == tracks.end()) {
      const trace::TrackId added = recorder.add_track(rank, slice.queue, rtrace::TRACK_KIND_UNIT);
      track = tracks.emplace(slice.queue, added).first;
    }
    const bool moves = slice.bytes > 0;
    const trace::Args args = {{recorder.string(moves ? "bytes" : "operations"),
                               std::int64_t{moves ? slice.bytes : slice.operations}}};
    recorder.slice(track->second, recorder.string(slice.what), slice.start, slice.end - slice.start,
                   args);
  });
  recorder.finish();
}

engine::Statistics Simulator::statistics(const Operator& op, const L2State& l2, double clock_hz) {
  kernels::KernelModel& model = machine("--statistics");
  model.run(key(op, kernels::all_cores(chip_), l2, clock_hz));
  return model.statistics();
}

}  // namespace reticle::study
