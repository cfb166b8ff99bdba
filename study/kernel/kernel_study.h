#pragma once

#include <optional>
#include <string>

#include "schema/chip.pb.h"
#include "schema/kernel.pb.h"
#include "schema/result.pb.h"
#include "schema/software.pb.h"
#include "study/kernel/simulator.h"

namespace reticle::study {

// Name of a resource as results print it: tensor, hbm, link, ...
std::string resource_name(Resource resource);

// Launch time of `kernels` launches in a captured graph on so many cores (cube cores, SMs), ps: the
// last core starts when the others have been started before it.
std::int64_t launch_ps(const Software& software, std::uint32_t kernels, std::int64_t cores);

// One kernel, repeated back to back in a captured graph in steady state, on all cores of the chip
// (design section 5, "Measured quantities").
KernelResult kernel_result(Simulator& simulator, const Operator& op, const L2State& l2);
// The same at `fast`, also of a simulator at `cycle`; or on some of the cores.
KernelResult kernel_result(Simulator& simulator, const Operator& op, const L2State& l2,
                           Fidelity fidelity, const std::optional<Cores>& cores = std::nullopt);

// "cycle" or "fast".
std::string fidelity_name(Fidelity fidelity);

// The software stack of a command on one chip: the one asked for, else the chip's own. UsageError
// if neither names one.
std::string software_stack(const Chip& chip, const std::string& asked);

// Refuses chips that have no kernels of their own: a package of several dies (kernels run on a
// die).
void require_rank_chip(const Chip& chip);

}  // namespace reticle::study
