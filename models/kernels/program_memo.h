#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "schema/kernel.pb.h"
#include "schema/software.pb.h"
#include "sim/compute/tile_program.h"

namespace reticle::kernels {

// Programs of the last operator, in the order its kernels ask for them: they are the same at every
// clock and for every state of L2, and a governor asks for several. What would take too much memory
// is not kept and made again.
class ProgramMemo {
 public:
  // From the first program of this operator on.
  void begin(const Operator& op, const Cores& cores, const KernelVariants& variants);
  // The next one, made if it is not known. Holds until the next call.
  const compute::TileProgram& next(const std::function<compute::TileProgram()>& make);

 private:
  std::string programs_of_;
  std::vector<std::optional<compute::TileProgram>> programs_;
  compute::TileProgram passing_;
  std::size_t next_ = 0;
  std::size_t kept_ = 0;  // instructions
};

}  // namespace reticle::kernels
