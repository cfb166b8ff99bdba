#include "models/kernels/mapping.h"
#include "models/kernels/tensor_gpu/partial_sums.h"
#include "models/kernels/tensor_gpu/programs.h"
#include "schema/dtype.h"
#include "schema/errors.h"

namespace reticle::kernels {

namespace tensor_gpu {

const MatrixRate& matrix_rate(const TensorGpu& gpu, Dtype dtype) {
  for (const MatrixRate& rate : gpu.matrix()) {
    if (rate.dtype() == matrix_dtype(dtype)) {
      return rate;
    }
  }
  std::string name = Dtype_Name(dtype).substr(std::string("DTYPE_").size());
  for (char& letter : name) {
    letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  throw UsageError("tensor_gpu: the tensor core has no rate for " + name);
}

}  // namespace tensor_gpu

compute::TileProgram map_tensor_gpu(const Work& work, const Target& target) {
  compute::TileProgram program;
  if (work.gemm) {
    program = tensor_gpu::gemm_program(work, target);
  } else if (work.mla) {
    program = tensor_gpu::mla_program(work, target);
  } else if (work.attention) {
    program = tensor_gpu::attention_program(work, target);
  } else if (work.combine) {
    program = tensor_gpu::combine_program(*work.combine, target);
  } else if (work.vector) {
    program = tensor_gpu::vector_program(work, target);
  } else {
    throw UsageError("tensor_gpu: operator not mapped");
  }
  program.operations = work.operations;
  program.tensors.clear();
  for (const Tensor& tensor : work.tensors) {
    program.tensors.push_back(tensor.name);
    program.tensor_bytes.push_back(tensor.bytes);
  }
  return program;
}

}  // namespace reticle::kernels
