#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "models/chips/power.h"
#include "models/chips/streams.h"
#include "schema/system.pb.h"
#include "study/kernel/govern_run.h"
#include "study/kernel/simulator.h"
#include "workloads/traces/recognise.h"

namespace reticle::study {

// What tasks of a retargeted trace share, in the order of chips::Demand::resource. (Cores they do
// not share: the first to come has them.)
enum SharedResource : std::size_t { kSharedL2, kSharedHbm, kSharedLink };
const std::vector<Resource>& shared_resources();

// A kernel on the target: alone, with what it needs of the shared resources.
struct KernelTime {
  bool simulated = false;
  std::int64_t alone_ps = 0;
  Resource bound_by = RESOURCE_LATENCY;
  double cores = 0;  // share of the chip's that it works on
  std::vector<chips::Demand> demands;
  chips::Joules joules;  // dynamic
};

// The machine that a recording is simulated on.
struct RetargetMachine {
  Simulator& simulator;
  const System& system;
  std::int64_t ranks_per_package = 1;
  std::int64_t comm_cores = 0;      // that transfers hold; kernels get the others
  std::int64_t recorded_cores = 0;  // of the chip of the recording; 0: not known
};

// Simulates recognised kernels on a system, each distinct operator once a clock. A type that the
// chip has no matrix unit for becomes bfloat16, and the casts to it fall away; notes() says what
// was replaced or refused.
class KernelTimes {
 public:
  explicit KernelTimes(const RetargetMachine& machine);

  // Not simulated: operators that the models refuse, and what is not recognised.
  KernelTime of(const traces::RecognisedKernel& kernel, const TaskClock& clock);

  const std::set<std::string>& notes() const { return notes_; }

 private:
  KernelTime compute(Operator op, const TaskClock& clock);
  KernelTime transfer(CollectiveOperator op);
  void adapt(CollectiveOperator& op);
  KernelTime from_demand(const DemandVector& demand) const;
  double share_of_cores(const traces::RecognisedKernel& kernel) const;
  void stretch(KernelTime& time, const traces::RecognisedKernel& kernel) const;

  RetargetMachine machine_;
  Simulator& simulator_;
  Cores cores_;
  bool has_fp8_ = true;
  std::map<std::tuple<std::string, double, double>, KernelTime> known_;  // by operator and clock
  std::set<std::string> notes_;
};

}  // namespace reticle::study
