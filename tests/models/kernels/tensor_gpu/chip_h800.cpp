#include "tests/models/kernels/tensor_gpu/chip_h800.h"

#include "models/chips/family.h"
#include "models/kernels/work.h"
#include "schema/config/catalog.h"
#include "sim/memory/tile_access.h"

namespace reticle::test {

Chip h800() {
  Chip chip =
      config::Catalog(std::string(RETICLE_SOURCE_DIR) + "/configs").chip("h800-sxm").message;
  chip.set_clock(1.755e9);
  return chip;
}

Gpu::Gpu(const Chip& chip, const std::string& name)
    : chip_(chip), machine_(name, chips::machine_spec(chip, chip.clock())) {
  const config::Catalog catalog(std::string(RETICLE_SOURCE_DIR) + "/configs");
  variants = catalog.software("cuda-hopper").message.kernels();
}

compute::TileProgram Gpu::program(const Operator& op, std::int64_t sms) const {
  Cores cores;
  cores.set_matrix(sms > 0 ? sms : chip_.tensor_gpu().sms());
  cores.set_vector(cores.matrix());
  return kernels::map_tensor_gpu(kernels::work_of(op), {chip_, variants, cores, chip_.clock()});
}

std::vector<kernels::Work> Gpu::launches(const Operator& op) const {
  Cores cores;
  cores.set_matrix(chip_.tensor_gpu().sms());
  cores.set_vector(cores.matrix());
  return kernels::launches_tensor_gpu(kernels::work_of(op),
                                      {chip_, variants, cores, chip_.clock()});
}

compute::TileProgram Gpu::program(const kernels::Work& work) const {
  Cores cores;
  cores.set_matrix(chip_.tensor_gpu().sms());
  cores.set_vector(cores.matrix());
  return kernels::map_tensor_gpu(work, {chip_, variants, cores, chip_.clock()});
}

chips::RunActivity Gpu::run(const Operator& op, std::int64_t sms) {
  return machine_.run(program(op, sms), {});
}

Operator mla_decode(std::int64_t batch, std::int64_t kv_len, std::int64_t heads) {
  return operators::mla_decode(batch, kv_len, 1, heads, DTYPE_BFLOAT16);
}

double bytes_moved(const compute::TileProgram& program, std::size_t queue, std::uint32_t tensor) {
  double bytes = 0;
  for (const compute::CoreProgram& core : program.cores) {
    for (const compute::Instruction& step : core.queues[queue]) {
      bytes += memory::tensor_of(step.key) == tensor ? step.bytes : 0;
    }
  }
  return bytes;
}

double microseconds(const chips::RunActivity& activity) {
  return static_cast<double>(activity.elapsed) / 1e6;
}

}  // namespace reticle::test
