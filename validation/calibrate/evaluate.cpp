#include "validation/calibrate/evaluate.h"

#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/util/delimited_message_util.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <stdexcept>

#include "models/kernels/kernel_key.h"
#include "models/kernels/kernel_model.h"
#include "schema/errors.h"

namespace reticle::validation {

namespace {

DemandVector one(kernels::KernelModel& model, const Chip& chip, const Software& software,
                 const Operator& op) {
  L2State l2;
  l2.set_start(L2_START_BENCH);
  try {
    return model.run(
        kernels::make_key(chip, software, op, kernels::all_cores(chip), l2, FIDELITY_CYCLE));
  } catch (const UsageError&) {
    return {};
  }
}

[[noreturn]] void work(int out, const Chip& chip, const Software& software,
                       const std::vector<Measured>& rows) {
  kernels::KernelModel model("chip", chip);
  for (const Measured& row : rows) {
    const DemandVector demand = one(model, chip, software, row.op);
    if (!google::protobuf::util::SerializeDelimitedToFileDescriptor(demand, out)) {
      _exit(1);
    }
  }
  _exit(0);
}

}  // namespace

std::vector<DemandVector> simulate(const Chip& chip, const Software& software,
                                   const std::vector<Measured>& rows) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) {
    throw std::logic_error("no pipe");
  }
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    work(ends[1], chip, software, rows);
  }
  close(ends[1]);
  google::protobuf::io::FileInputStream in(ends[0]);
  in.SetCloseOnDelete(true);
  std::vector<DemandVector> demands(rows.size());
  bool whole = child > 0;
  for (DemandVector& demand : demands) {
    whole =
        whole && google::protobuf::util::ParseDelimitedFromZeroCopyStream(&demand, &in, nullptr);
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0 || !whole) {
    throw std::logic_error("the simulating process failed");
  }
  return demands;
}

double microseconds(const DemandVector& demand, const Software& software) {
  const Launch& launch = software.launch();
  return static_cast<double>(demand.time_ps()) * 1e-6 +
         demand.kernels() * (launch.graph_gap() + launch.kernel_prologue()) * 1e6;
}

std::vector<double> log_errors(const Chip& chip, const Software& software,
                               const std::vector<Measured>& rows) {
  const std::vector<DemandVector> demands = simulate(chip, software, rows);
  std::vector<double> errors;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (demands[i].kernels() > 0) {
      errors.push_back(std::log(microseconds(demands[i], software) / rows[i].us));
    }
  }
  return errors;
}

}  // namespace reticle::validation
