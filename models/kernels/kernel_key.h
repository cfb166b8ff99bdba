#pragma once

#include <string>

#include "schema/chip.pb.h"
#include "schema/kernel.pb.h"
#include "schema/software.pb.h"

namespace reticle::kernels {

// The key of one kernel: everything its result depends on and nothing else (docs/kernel_key.md).
// The model version is a digest of the sources of sim/ and models/.
KernelKey make_key(const Chip& chip, const Software& software, const Operator& op,
                   const Cores& cores, const L2State& l2, Fidelity fidelity);

// SHA-256 of the key's deterministic serialisation, in hexadecimal: its name in the store.
std::string digest(const KernelKey& key);

// All cores of a chip.
Cores all_cores(const Chip& chip);

}  // namespace reticle::kernels
