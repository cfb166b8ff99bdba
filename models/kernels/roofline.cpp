#include "models/kernels/roofline.h"

#include <algorithm>
#include <cmath>

#include "models/chips/family.h"
#include "models/kernels/demand.h"
#include "models/kernels/work.h"
#include "schema/dtype.h"
#include "schema/errors.h"

namespace reticle::kernels {

namespace {

Dtype dtype_of(const Work& work) {
  return work.gemm ? work.gemm->dtype : work.mla ? work.mla->dtype : work.attention->dtype;
}

double matrix_peak(const Chip& chip, Dtype dtype) {
  for (const MatrixPeak& peak : chip.roofline().matrix()) {
    if (peak.dtype() == matrix_dtype(dtype)) {
      return peak.rate();
    }
  }
  throw UsageError("roofline: the chip has no peak for this type of operand");
}

void add(DemandVector& demand, Resource resource, double seconds, double amount) {
  ResourceUse* use = demand.add_use();
  use->set_resource(resource);
  use->set_busy_ps(engine::seconds_to_ps(seconds));
  use->set_amount(amount);
  if (use->busy_ps() > demand.time_ps()) {
    demand.set_time_ps(use->busy_ps());
    demand.set_bound_by(resource);
  }
}

void add_energy(DemandVector& demand, const std::string& component, double joules) {
  ComponentEnergy* energy = demand.add_energy();
  energy->set_component(component);
  energy->set_joules(joules);
}

double matrix_energy(const Chip& chip, Dtype dtype) {
  for (const MatrixEnergy& entry : chip.energy().matrix()) {
    if (entry.dtype() == matrix_dtype(dtype)) {
      return entry.op();
    }
  }
  return 0;
}

DemandVector bound(const Work& work, const Chip& chip) {
  const memory::HbmSpec hbm = chips::hbm_spec(chip);
  DemandVector demand;
  double bytes = 0;
  for (const Tensor& tensor : work.tensors) {
    bytes += tensor.bytes;
  }
  add_energy(demand, "hbm", bytes * chip.energy().hbm_byte());
  if (work.vector) {
    const VectorWork& vector = *work.vector;
    const double passes =
        static_cast<double>(vector.rows) * (vector.element_passes + vector.special_passes);
    add(demand, RESOURCE_VECTOR, passes / chip.roofline().vector(), passes);
    add_energy(demand, "vector", passes * chip.energy().vector_op());
  } else if (!work.combine) {
    const Dtype dtype = dtype_of(work);
    add(demand, RESOURCE_TENSOR, work.operations / matrix_peak(chip, dtype), work.operations);
    add_energy(demand, "matrix", work.operations * matrix_energy(chip, dtype));
  }
  add(demand, RESOURCE_HBM, bytes / (hbm.channel_bandwidth * hbm.channels), bytes);
  std::sort(demand.mutable_energy()->begin(), demand.mutable_energy()->end(),
            [](const ComponentEnergy& a, const ComponentEnergy& b) {
              return a.component() < b.component();
            });
  demand.set_time_ps(demand.time_ps() + hbm.latency);
  demand.set_operations(work.operations);
  demand.set_variant("roofline");
  demand.set_kernels(1);
  return demand;
}

}  // namespace

DemandVector roofline(const Operator& op, const Chip& chip) {
  const std::vector<Work> kernels = kernels_of(op);
  DemandVector demand = bound(kernels.front(), chip);
  for (std::size_t i = 1; i < kernels.size(); ++i) {
    append(demand, bound(kernels[i], chip));
  }
  return demand;
}

}  // namespace reticle::kernels
