#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "models/chips/family.h"
#include "models/kernels/tensor_gpu/attention_tasks.h"
#include "schema/errors.h"
#include "tests/models/kernels/tensor_gpu/chip_h800.h"

using namespace reticle;
using namespace reticle::test;
namespace gpu_kernels = reticle::kernels::tensor_gpu;

namespace {

constexpr std::uint32_t kK = 1;
constexpr std::uint32_t kV = 2;
constexpr std::uint32_t kO = 3;
constexpr double kPeak = 132.0 * 4096 * 1.755e9;  // bf16 operations a second

Operator prefill(std::int64_t batch, std::int64_t isl, std::int64_t heads, std::int64_t kv_heads,
                 std::int64_t head_dim) {
  Operator op;
  AttentionPrefill& attention = *op.mutable_attention_prefill();
  attention.set_batch_size(batch);
  attention.set_isl(isl);
  attention.set_num_heads(heads);
  attention.set_num_key_value_heads(kv_heads);
  attention.set_head_dim(head_dim);
  attention.set_dtype(DTYPE_BFLOAT16);
  return op;
}

Operator decode(std::int64_t batch, std::int64_t kv_len, std::int64_t heads, std::int64_t kv_heads,
                std::int64_t head_dim) {
  Operator op;
  AttentionDecode& attention = *op.mutable_attention_decode();
  attention.set_batch_size(batch);
  attention.set_kv_len(kv_len);
  attention.set_q_len(1);
  attention.set_num_heads(heads);
  attention.set_num_key_value_heads(kv_heads);
  attention.set_head_dim(head_dim);
  attention.set_dtype(DTYPE_BFLOAT16);
  return op;
}

Operator mla_prefill(std::int64_t batch, std::int64_t isl, std::int64_t heads) {
  Operator op;
  op.mutable_mla_prefill()->set_batch_size(batch);
  op.mutable_mla_prefill()->set_isl(isl);
  op.mutable_mla_prefill()->set_num_heads(heads);
  op.mutable_mla_prefill()->set_dtype(DTYPE_BFLOAT16);
  return op;
}

double matrix_operations(const compute::TileProgram& program) {
  double operations = 0;
  for (const compute::CoreProgram& core : program.cores) {
    for (const compute::Instruction& step : core.queues[chips::kTensorCore]) {
      operations += step.operations;
    }
  }
  return operations;
}

struct Placed {
  Chip chip = h800();
  KernelVariants variants;
  Cores cores;
  kernels::Target target() const { return {chip, variants, cores, chip.clock()}; }
  explicit Placed(std::int64_t sms = 132) {
    cores.set_matrix(sms);
    cores.set_vector(sms);
  }
};

kernels::AttentionWork work(const Operator& op) { return *kernels::work_of(op).attention; }

}  // namespace

// FlashAttention-3's own tiles (hopper/tile_size.h): 128 x 176 for heads of 128, 128 x 80 for heads
// of 256; causal ones 128 x 128.
TEST_CASE("keys of a block follow from registers and shared memory") {
  const Placed placed;
  kernels::AttentionWork heads = work(decode(1, 4096, 128, 1, 128));
  CHECK(gpu_kernels::key_block(2, heads, placed.target()) == 176);
  heads.key_width = heads.value_width = 256;
  CHECK(gpu_kernels::key_block(2, heads, placed.target()) == 80);
  CHECK(gpu_kernels::key_block(2, work(prefill(1, 4096, 1, 1, 128)), placed.target()) == 128);
  CHECK(gpu_kernels::key_block(2, work(mla_prefill(1, 4096, 1)), placed.target()) == 128);
}

TEST_CASE("heads that no SM holds are refused") {
  const Placed placed;
  CHECK_THROWS_WITH(gpu_kernels::key_block(2, work(prefill(1, 64, 1, 1, 512)), placed.target()),
                    "tensor_gpu: heads of 512/512 do not fit an SM's registers and shared memory");
  CHECK_THROWS_WITH(kernels::work_of(prefill(1, 64, 6, 4, 128)),
                    "attention_prefill: num_heads=6 is not a multiple of num_key_value_heads=4");
}

TEST_CASE("operations: decode counts all keys, causal prefill half of the square") {
  CHECK(kernels::work_of(decode(3, 1000, 8, 2, 128)).operations == 2.0 * 3 * 8 * 1000 * 256);
  CHECK(kernels::work_of(prefill(3, 1000, 8, 2, 128)).operations == 3.0 * 8 * 1000 * 1000 * 256);
  CHECK(kernels::work_of(mla_prefill(2, 512, 16)).operations == 2.0 * 16 * 512 * 512 * 320);
}

// 1024 = 8 row blocks of 128 by 8 key blocks of 128: 36 of 64 blocks are on or under the diagonal.
TEST_CASE("blocks above the diagonal are skipped, those on it are done whole") {
  Gpu gpu(h800());
  const auto causal = gpu.program(prefill(2, 1024, 4, 4, 128));
  CHECK(matrix_operations(causal) == 2.0 * 4 * 36 * 2 * 128 * 128 * 256);
  const auto naive = gpu.program(mla_prefill(1, 1024, 4));
  CHECK(matrix_operations(naive) == 4.0 * 36 * 2 * 128 * 128 * 320);
}

TEST_CASE("every key, value and output row moves as often as the tiling says") {
  Gpu gpu(h800());
  // One row block a unit: keys once for a packed group, split or not.
  for (const std::int64_t kv_len : {1, 175, 176, 177, 5000, 100000}) {
    const auto program = gpu.program(decode(3, kv_len, 16, 2, 128));
    CHECK(bytes_moved(program, chips::kTma, kK) == 3.0 * 2 * static_cast<double>(kv_len) * 256);
    CHECK(bytes_moved(program, chips::kTma, kV) == 3.0 * 2 * static_cast<double>(kv_len) * 256);
    CHECK(bytes_moved(program, chips::kTmaStore, kO) == 3.0 * 16 * 256);
  }
  for (const std::int64_t isl : {1, 100, 128, 1000}) {
    const auto program = gpu.program(prefill(2, isl, 6, 2, 64));
    CHECK(bytes_moved(program, chips::kTmaStore, kO) == 2.0 * 6 * static_cast<double>(isl) * 128);
  }
}

TEST_CASE("every task is dealt once") {
  const Placed placed(50);
  const auto attention = work(prefill(3, 2000, 6, 3, 128));
  const auto tiling = gpu_kernels::choose_attention_tiling(attention, placed.target());
  const auto sms = gpu_kernels::deal_attention(tiling, attention, placed.target());
  std::set<std::int64_t> seen;
  std::int64_t most = 0;
  std::int64_t least = 1 << 30;
  for (const auto& tasks : sms) {
    std::int64_t blocks = 0;
    for (const auto& task : tasks) {
      CHECK(seen.insert(task.rows_key).second);
      blocks += task.end - task.first;
    }
    most = std::max(most, blocks);
    least = std::min(least, blocks);
  }
  CHECK(seen.size() == 3 * 6 * 16);
  CHECK(most - least <= 16);  // at most the longest task
}

TEST_CASE("heads are packed where rows would be padding, and only there") {
  const Placed placed;
  CHECK(gpu_kernels::choose_attention_tiling(work(decode(1, 100, 32, 4, 128)), placed.target())
            .packed);
  CHECK_FALSE(
      gpu_kernels::choose_attention_tiling(work(prefill(1, 1024, 32, 4, 128)), placed.target())
          .packed);
  CHECK_FALSE(gpu_kernels::choose_attention_tiling(work(decode(1, 100, 4, 4, 128)), placed.target())
                  .packed);
}

TEST_CASE("keys are split where SMs would be idle, and only there") {
  const Placed placed;
  CHECK(gpu_kernels::choose_attention_tiling(work(decode(1, 65536, 8, 1, 128)), placed.target())
            .splits > 30);
  CHECK(gpu_kernels::choose_attention_tiling(work(decode(132, 65536, 8, 1, 128)), placed.target())
            .splits == 1);
  CHECK(gpu_kernels::choose_attention_tiling(work(decode(1, 100, 8, 1, 128)), placed.target())
            .splits == 1);
}

// FlashAttention-3 reports up to 740 TFLOPS non-causal and about 640 causal (arXiv 2407.08608).
TEST_CASE("long prefill lies under the tensor peak and well above half of it") {
  Gpu gpu(h800());
  const Operator op = prefill(4, 8192, 16, 16, 128);
  const double us = microseconds(gpu.run(op));
  const double share = kernels::work_of(op).operations / (us * 1e-6) / kPeak;
  CHECK(share < 1);
  CHECK(share > 0.6);
}

TEST_CASE("long decode streams its cache at HBM speed") {
  Gpu gpu(h800());
  const Operator op = decode(64, 8192, 64, 8, 128);
  const double rate = 64.0 * 8 * 8192 * 256 * 2 / (microseconds(gpu.run(op)) * 1e-6);
  CHECK(rate < 3.3536e12 * 0.92);
  CHECK(rate > 3.3536e12 * 0.75);
}

TEST_CASE("softmax binds narrow heads, the tensor core wide ones") {
  Chip fast = h800();
  fast.mutable_tensor_gpu()->set_sfu_rate(64);
  Gpu base(h800(), "base");
  Gpu more(fast, "more");
  const auto gain = [&](std::int64_t head_dim) {
    const Operator op = prefill(4, 4096, 32, 32, head_dim);
    return microseconds(base.run(op)) / microseconds(more.run(op));
  };
  CHECK(gain(64) > 1.1);
  CHECK(gain(256) < 1.05);
  CHECK(gain(256) > 0.99);
}

TEST_CASE("memory bandwidth does not matter to long prefill, nor the tensor peak to decode") {
  Chip memory = h800();
  memory.mutable_hbm()->set_data_rate(2 * memory.hbm().data_rate());
  Chip matrix = h800();
  for (MatrixRate& rate : *matrix.mutable_tensor_gpu()->mutable_matrix()) {
    rate.set_macs_per_clk(2 * rate.macs_per_clk());
  }
  Gpu base(h800(), "base");
  Gpu fast_memory(memory, "memory");
  Gpu fast_matrix(matrix, "matrix");
  const Operator compute_bound = prefill(4, 8192, 16, 16, 128);
  const Operator memory_bound = decode(64, 8192, 64, 8, 128);
  CHECK(microseconds(fast_memory.run(compute_bound)) >
        0.98 * microseconds(base.run(compute_bound)));
  CHECK(microseconds(fast_matrix.run(compute_bound)) <
        0.92 * microseconds(base.run(compute_bound)));
  CHECK(microseconds(fast_matrix.run(memory_bound)) > 0.98 * microseconds(base.run(memory_bound)));
  CHECK(microseconds(fast_memory.run(memory_bound)) < 0.75 * microseconds(base.run(memory_bound)));
}

// 32 units of 16 row blocks each (4,352 block steps) are written block by block; 32 times the units
// in merged steps.
TEST_CASE("merged steps of huge kernels cost about what single ones do") {
  Gpu gpu(h800());
  const double small = microseconds(gpu.run(prefill(8, 8192, 4, 4, 128)));
  const double large = microseconds(gpu.run(prefill(8 * 8, 8192, 4, 4, 128)));
  CHECK(large < 8 * small * 1.03);
  CHECK(large > 8 * small * 0.93);
}

TEST_CASE("random attention finishes, on any number of SMs") {
  Gpu gpu(h800());
  std::mt19937 random(5);
  const auto draw = [&random](std::int64_t most) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most) + 1);
  };
  for (int i = 0; i < 60; ++i) {
    const std::int64_t kv_heads = draw(6);
    const std::int64_t heads = kv_heads * draw(20);
    const std::int64_t head_dim = i == 0 ? 1 : draw(256);
    const std::int64_t length = i == 0 ? 1 : draw(1500);
    const std::int64_t batch = draw(8);
    const std::int64_t sms = draw(132);
    CAPTURE(batch, length, heads, kv_heads, head_dim, sms);
    REQUIRE(gpu.run(prefill(batch, length, heads, kv_heads, head_dim), sms).elapsed > 0);
    REQUIRE(gpu.run(decode(batch, length, heads, kv_heads, head_dim), sms).elapsed > 0);
    REQUIRE(gpu.run(mla_prefill(batch, length, heads), sms).elapsed > 0);
  }
}
