#pragma once

#include "models/kernels/mapping.h"

namespace reticle::kernels::davinci {

// Row-wise vector operators on the AIV cores.
compute::TileProgram vector_program(const Work& work, const Target& target);

}  // namespace reticle::kernels::davinci
