#include "models/kernels/davinci/programs.h"
#include "models/kernels/mapping.h"
#include "schema/errors.h"

namespace reticle::kernels {

compute::TileProgram map_davinci(const Work& work, const Target& target) {
  if (work.vector) {
    return davinci::vector_program(work, target);
  }
  throw UsageError("davinci: operator not mapped");
}

}  // namespace reticle::kernels
