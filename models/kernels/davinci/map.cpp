#include "models/kernels/davinci/programs.h"
#include "models/kernels/mapping.h"
#include "schema/dtype.h"
#include "schema/errors.h"

namespace reticle::kernels {

namespace {

compute::TileProgram program_of(const Work& work, const Target& target) {
  if (work.gemm) {
    return davinci::gemm_program(work, target);
  }
  if (work.mla || work.attention) {
    return davinci::attention_program(work, target);
  }
  if (work.vector) {
    return davinci::vector_program(work, target);
  }
  throw UsageError("davinci: operator not mapped");
}

// The operator's own tensors come first, the kernel's workspaces after them.
void describe(compute::TileProgram& program, const Work& work) {
  program.operations = work.operations;
  if (work.gemm) {
    program.matrix_dtype = matrix_dtype(work.gemm->dtype);
  } else if (work.mla || work.attention) {
    program.matrix_dtype = matrix_dtype(work.mla ? work.mla->dtype : work.attention->dtype);
  }
  std::vector<std::string> names;
  std::vector<double> bytes;
  for (const Tensor& tensor : work.tensors) {
    names.push_back(tensor.name);
    bytes.push_back(tensor.bytes);
  }
  program.tensors.insert(program.tensors.begin(), names.begin(), names.end());
  program.tensor_bytes.insert(program.tensor_bytes.begin(), bytes.begin(), bytes.end());
}

}  // namespace

compute::TileProgram map_davinci(const Work& work, const Target& target) {
  compute::TileProgram program = program_of(work, target);
  describe(program, work);
  return program;
}

}  // namespace reticle::kernels
