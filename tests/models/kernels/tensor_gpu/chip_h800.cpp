#include "tests/models/kernels/tensor_gpu/chip_h800.h"

#include "models/chips/family.h"
#include "models/kernels/work.h"

namespace reticle::test {

namespace {

constexpr double kClock = 1.755e9;

void add_rate(TensorGpu& gpu, Dtype dtype, std::uint32_t macs, std::uint32_t k) {
  MatrixRate* rate = gpu.add_matrix();
  rate->set_dtype(dtype);
  rate->set_macs_per_clk(macs);
  rate->set_k(k);
}

void fill_memory(Chip& chip) {
  L2& l2 = *chip.mutable_l2();
  l2.set_capacity(50.0 * 1024 * 1024);
  l2.set_latency(263 / kClock);
  l2.set_read_bandwidth(5120);
  l2.set_write_bandwidth(5120);
  Hbm& hbm = *chip.mutable_hbm();
  hbm.set_stacks(5);
  hbm.set_channels_per_stack(32);
  hbm.set_channel_width(32);
  hbm.set_data_rate(5.24e9);
  hbm.set_service_fraction(0.910);
  hbm.set_latency(650 / kClock);
  hbm.set_interleave(512);
}

void fill_sm(TensorGpu& gpu) {
  gpu.set_sms(132);
  add_rate(gpu, DTYPE_BFLOAT16, 2048, 16);
  add_rate(gpu, DTYPE_FLOAT16, 2048, 16);
  add_rate(gpu, DTYPE_FP8, 4096, 32);
  add_rate(gpu, DTYPE_INT8, 4096, 32);
  gpu.set_matrix_latency(24);
  gpu.set_shared_memory(227.0 * 1024);
  gpu.set_shared_read(128);
  gpu.set_registers(256.0 * 1024);
  gpu.set_l2_read(64);
  gpu.set_l2_write(64);
  gpu.set_tma_latency(170);
  gpu.set_fp32_rate(128);
  gpu.set_sfu_rate(16);
  gpu.set_barrier(30);
  gpu.set_grid_sync(1.2e-6);
}

}  // namespace

Chip h800() {
  Chip chip;
  chip.set_name("h800-sxm");
  chip.set_family(FAMILY_TENSOR_GPU);
  chip.set_clock(kClock);
  fill_memory(chip);
  fill_sm(*chip.mutable_tensor_gpu());
  return chip;
}

Gpu::Gpu(const Chip& chip) : chip_(chip), machine_("gpu", chips::machine_spec(chip, chip.clock())) {
  variants.set_mla(MLA_VARIANT_FLASHMLA_2025_04);
  variants.set_gemm_dequant(DEQUANT_PROMOTION);
}

compute::TileProgram Gpu::program(const Operator& op, std::int64_t sms) const {
  Cores cores;
  cores.set_matrix(sms > 0 ? sms : chip_.tensor_gpu().sms());
  cores.set_vector(cores.matrix());
  return kernels::map_tensor_gpu(kernels::work_of(op), {chip_, variants, cores, chip_.clock()});
}

chips::RunActivity Gpu::run(const Operator& op, std::int64_t sms) {
  return machine_.run(program(op, sms), {});
}

Operator gemm(std::int64_t m, std::int64_t n, std::int64_t k, Dtype dtype) {
  Operator op;
  op.mutable_gemm()->set_m(m);
  op.mutable_gemm()->set_n(n);
  op.mutable_gemm()->set_k(k);
  op.mutable_gemm()->set_dtype(dtype);
  op.mutable_gemm()->set_out_dtype(DTYPE_BFLOAT16);
  return op;
}

Operator grouped_gemm(const std::vector<std::int64_t>& rows, std::int64_t n, std::int64_t k,
                      Dtype dtype) {
  Operator op;
  GroupedGemm& grouped = *op.mutable_grouped_gemm();
  grouped.set_groups(static_cast<std::int64_t>(rows.size()));
  for (const std::int64_t m : rows) {
    grouped.add_m_list(m);
  }
  grouped.set_n(n);
  grouped.set_k(k);
  grouped.set_dtype(dtype);
  grouped.set_out_dtype(DTYPE_BFLOAT16);
  return op;
}

Operator mla_decode(std::int64_t batch, std::int64_t kv_len, std::int64_t heads) {
  Operator op;
  MlaDecode& mla = *op.mutable_mla_decode();
  mla.set_batch_size(batch);
  mla.set_kv_len(kv_len);
  mla.set_q_len(1);
  mla.set_num_heads(heads);
  mla.set_dtype(DTYPE_BFLOAT16);
  return op;
}

double microseconds(const chips::RunActivity& activity) {
  return static_cast<double>(activity.elapsed) / 1e6;
}

}  // namespace reticle::test
