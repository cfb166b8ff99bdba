#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>
#include <tuple>

#include "models/chips/family.h"
#include "models/kernels/tensor_gpu/attention_tasks.h"
#include "schema/config/catalog.h"
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
  explicit Placed(std::int64_t sms = 132, std::uint32_t page = 0) {
    cores.set_matrix(sms);
    cores.set_vector(sms);
    variants.mutable_attention()->set_page(page);
    variants.mutable_attention()->set_narrow_tiles(true);
  }
  gpu_kernels::AttentionTiling tiling(const Operator& op) const {
    return gpu_kernels::choose_attention_tiling(*kernels::work_of(op).attention, target());
  }
};

kernels::AttentionWork work(const Operator& op) { return *kernels::work_of(op).attention; }

const kernels::Work& attention_of(const std::vector<kernels::Work>& launched) {
  return *std::find_if(launched.begin(), launched.end(),
                       [](const kernels::Work& work) { return work.attention.has_value(); });
}

}  // namespace

// FlashAttention-3's own tiles (hopper/tile_size.h): 128 x 176 for heads of 128, 128 x 80 for heads
// of 256; causal ones and those with gathered keys 128 x 128; for few rows 64 x 128 and 64 x 192;
// for narrow heads 192 rows.
TEST_CASE("blocks follow from registers and shared memory") {
  const Placed placed;
  CHECK(placed.tiling(decode(1, 4096, 128, 1, 128)).keys == 176);
  CHECK(placed.tiling(decode(1, 4096, 128, 1, 256)).keys == 80);
  CHECK(placed.tiling(prefill(1, 4096, 1, 1, 128)).keys == 128);
  CHECK(placed.tiling(mla_prefill(1, 4096, 1)).keys == 128);
  const Placed paged(132, 64);
  const auto tiles = [&paged](const Operator& op) {
    const auto tiling = paged.tiling(op);
    return std::make_pair(tiling.rows(), tiling.keys);
  };
  CHECK(tiles(decode(1, 4096, 64, 1, 128)) == std::make_pair<std::int64_t, std::int64_t>(64, 128));
  CHECK(tiles(decode(1, 4096, 65, 1, 128)) == std::make_pair<std::int64_t, std::int64_t>(128, 128));
  CHECK(tiles(decode(1, 4096, 64, 1, 64)) == std::make_pair<std::int64_t, std::int64_t>(64, 192));
  CHECK(tiles(prefill(1, 4096, 1, 1, 64)) == std::make_pair<std::int64_t, std::int64_t>(192, 128));
}

TEST_CASE("heads that no SM holds are refused") {
  const Placed placed;
  CHECK_THROWS_WITH(placed.tiling(prefill(1, 64, 1, 1, 512)),
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
  for (const std::int64_t kv_len : {1, 127, 128, 129, 5000, 100000}) {
    const auto kernels = gpu.launches(decode(3, kv_len, 16, 2, 128));
    const kernels::Work& core = attention_of(kernels);
    const auto program = gpu.program(core);
    CHECK(bytes_moved(program, chips::kTma, kK) == 3.0 * 2 * static_cast<double>(kv_len) * 256);
    CHECK(bytes_moved(program, chips::kTma, kV) == 3.0 * 2 * static_cast<double>(kv_len) * 256);
    const auto splits = static_cast<double>(core.attention->splits);
    const double out = bytes_moved(program, chips::kTmaStore, kO);
    CHECK(out == (splits > 1 ? 3.0 * 16 * 512 * splits : 3.0 * 16 * 256));
    CHECK(kernels.back().combine.has_value() == (splits > 1));
    if (splits > 1) {
      const auto sum = gpu.program(kernels.back());
      CHECK(bytes_moved(sum, chips::kTmaStore, 1) == 3.0 * 16 * 256);
      CHECK(bytes_moved(sum, chips::kWarpLoad, 0) == 3.0 * 16 * (512 + 4) * splits);
    }
  }
  for (const std::int64_t isl : {1, 100, 128, 1000}) {
    const auto program = gpu.program(prefill(40, isl, 6, 2, 64));
    CHECK(bytes_moved(program, chips::kTmaStore, kO) == 40.0 * 6 * static_cast<double>(isl) * 128);
  }
}

// Threads that gather look up the task, its schedule, lengths and pages one after another; those
// that compute the lengths: five reads of a sector a task. A warp reads the schedule of 31
// sequences at once, so that from one task to its next, 132 on, an SM reads four or five times
// more.
TEST_CASE("paged keys cost look-ups, others none") {
  Gpu gpu(h800());
  const Operator op = decode(200, 100, 8, 1, 128);
  int walked = 0;
  for (int sm = 0; sm < 132; ++sm) {
    walked += (sm + 132 < 200 ? sm + 132 : sm) / 31;
  }
  const auto looked_up = [&] {
    const auto program = gpu.program(op);
    return bytes_moved(program, chips::kTma, 4) + bytes_moved(program, chips::kWarpLoad, 4);
  };
  CHECK(looked_up() == (200 * 5 + walked) * 32);
  const double paged = microseconds(gpu.run(op));
  gpu.variants.mutable_attention()->set_page(128);
  CHECK(looked_up() == 0);
  CHECK(microseconds(gpu.run(op)) < paged);
}

TEST_CASE("a sum of splits ends with rows that do not fill a thread block, on any number of SMs") {
  Gpu gpu(h800());
  for (const std::int64_t rows : {1, 7, 8, 9, 5000}) {
    kernels::Work sum;
    sum.combine = kernels::CombineWork{rows, 128, rows * 3, DTYPE_BFLOAT16};
    sum.tensors = {{"partial", 0, false, true}, {"o", 0, true}};
    const auto program = gpu.program(sum);
    CHECK(bytes_moved(program, chips::kTmaStore, 1) == static_cast<double>(rows) * 256);
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
  CHECK(placed.tiling(decode(1, 100, 32, 4, 128)).packed);
  CHECK_FALSE(placed.tiling(prefill(1, 1024, 32, 4, 128)).packed);
  CHECK_FALSE(placed.tiling(decode(1, 100, 4, 4, 128)).packed);
  CHECK(Placed(132, 64).tiling(prefill(1, 1024, 32, 4, 128)).packed);
}

// FlashAttention-3's rules (hopper/heuristics.h, flash_prepare_scheduler.cu).
TEST_CASE("keys are split where SMs would be idle, and only there") {
  const Placed placed(132, 64);
  const auto splits = [&placed](const Operator& op) { return placed.tiling(op).splits; };
  CHECK(splits(decode(1, 512, 8, 1, 128)) == 1);  // four blocks
  CHECK(splits(decode(1, 513, 8, 1, 128)) == 5);
  CHECK(splits(decode(1, 65536, 8, 1, 128)) == 103);  // 512 blocks, shares of ceil(1.1 x 512 / 132)
  CHECK(splits(decode(131, 65536, 8, 1, 128)) == 1);
  CHECK(splits(decode(1, 65536, 848, 106, 128)) == 1);  // 0.8 x 132 = 105.6
  CHECK(splits(decode(1, 65536, 840, 105, 128)) == 2);  // at most 5; shares of 448 blocks
  CHECK(splits(decode(993, 8192, 8, 1, 128)) == 1);     // not scheduled ahead
  CHECK(splits(prefill(1, 8192, 1, 1, 128)) == 2);
}

// FlashAttention-3 reports about 640 TFLOPS causal (arXiv 2407.08608), H100 tables 560 to 610: at
// this clock 0.59 to 0.64 of the peak.
TEST_CASE("long prefill lies under the tensor peak and well above half of it") {
  Gpu gpu(h800());
  const Operator op = prefill(2, 8192, 16, 16, 128);
  const double us = microseconds(gpu.run(op));
  const double share = kernels::work_of(op).operations / (us * 1e-6) / kPeak;
  CHECK(share < 1);
  CHECK(share > 0.55);
}

TEST_CASE("long decode streams its cache at HBM speed") {
  Gpu gpu(h800());
  const Operator op = decode(64, 8192, 64, 8, 128);
  const double rate = 64.0 * 8 * 8192 * 256 * 2 / (microseconds(gpu.run(op)) * 1e-6);
  CHECK(rate < 3.3536e12 * 0.92);
  CHECK(rate > 3.3536e12 * 0.75);
}

TEST_CASE("softmax weighs on narrow heads, the tensor core on wide ones") {
  Chip fast = h800();
  fast.mutable_tensor_gpu()->set_sfu_rate(64);
  Gpu base(h800(), "base");
  Gpu more(fast, "more");
  const auto gain = [&](std::int64_t head_dim) {
    const Operator op = prefill(1, 4096, 16, 16, head_dim);
    return microseconds(base.run(op)) / microseconds(more.run(op)) - 1;
  };
  CHECK(gain(64) > 0.15);
  CHECK(gain(256) < gain(64) / 2);
  CHECK(gain(256) > -0.01);
}

// A block of 128 keys takes 1.65 us for 128 rows of 128 and for 192 rows of 64 (H100 tables, one
// row block an SM): the products alone take 1.17 and 0.87 us at this clock.
TEST_CASE("softmax and products contend for registers") {
  Chip apart = h800();
  apart.mutable_tensor_gpu()->set_register_conflict(0);
  Gpu base(h800(), "base");
  Gpu ideal(apart, "ideal");
  const auto block = [](Gpu& gpu, std::int64_t head_dim) {
    const double longer = microseconds(gpu.run(prefill(2, 8192, 1, 1, head_dim)));
    return (longer - microseconds(gpu.run(prefill(2, 8064, 1, 1, head_dim))));
  };
  CHECK(block(base, 128) > 1.3);
  CHECK(block(base, 128) < 1.9);
  CHECK(block(ideal, 128) < 1.3);
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
  const Operator compute_bound = prefill(2, 8192, 16, 16, 128);
  const Operator memory_bound = decode(64, 8192, 64, 8, 128);
  CHECK(microseconds(fast_memory.run(compute_bound)) >
        0.98 * microseconds(base.run(compute_bound)));
  CHECK(microseconds(fast_matrix.run(compute_bound)) <
        0.94 * microseconds(base.run(compute_bound)));
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

// TensorRT-LLM's context kernel takes tiles in their order: the longest of the last head starts
// when little is left. FlashAttention-3 takes the longest first, and splits.
TEST_CASE("naive MLA has a kernel of its own, whose tiles come in their order") {
  Gpu gpu(h800());
  const Operator op = mla_prefill(1, 4096, 8);
  CHECK(gpu.program(op).variant == "128 rows x 128 keys");
  const double in_order = microseconds(gpu.run(op));
  gpu.variants.clear_mla_prefill();
  const double longest_first = microseconds(gpu.run(op));
  CHECK(in_order > 1.4 * longest_first);
  CHECK(in_order < 2 * longest_first);
}

// hopper/tile_size.h, tile_size_fwd_sm8x; flash_fwd_launch_template.h of FlashAttention-2.
TEST_CASE("mma.sync has tiles of its own, as many thread blocks as an SM holds") {
  Placed placed(108, 64);
  const auto tile = [&placed](const Operator& op) {
    const auto tiling = placed.tiling(op);
    return std::make_tuple(tiling.rows(), tiling.keys, tiling.blocks, tiling.persistent);
  };
  using Tile = std::tuple<std::int64_t, std::int64_t, std::int64_t, bool>;
  const config::Catalog catalog(std::string(RETICLE_SOURCE_DIR) + "/configs");
  placed.chip = catalog.chip("a100-sxm-80gb").message;
  CHECK(tile(prefill(1, 4096, 8, 1, 128)) == Tile{128, 64, 2, false});
  CHECK(tile(prefill(1, 4096, 8, 1, 64)) == Tile{128, 112, 2, false});
  CHECK(tile(decode(128, 4096, 8, 1, 128)) == Tile{128, 112, 1, true});  // of one sequence: split
  CHECK(tile(decode(128, 4096, 88, 88, 128)) == Tile{128, 64, 2, false});
  placed.variants.mutable_attention()->set_variant(ATTENTION_VARIANT_FLASH_ATTENTION_2);
  CHECK(tile(decode(128, 4096, 8, 1, 128)) == Tile{64, 128, 2, false});
  CHECK(placed.tiling(decode(1, 65536, 8, 8, 128)).splits == 1);  // heads that share nothing
  CHECK(placed.tiling(decode(1, 65536, 8, 4, 128)).splits > 1);
  placed.chip = catalog.chip("l40s").message;
  CHECK(tile(decode(128, 4096, 8, 1, 128)) == Tile{64, 128, 1, false});
  placed.variants.mutable_attention()->set_variant(ATTENTION_VARIANT_FLASH_ATTENTION_3);
  CHECK(tile(prefill(1, 4096, 8, 1, 128)) == Tile{128, 128, 1, false});
}

TEST_CASE("frameworks write the cache before they attend to it") {
  Gpu gpu(h800());
  const auto written = [&gpu](const Operator& op) {
    const kernels::Work first = gpu.launches(op).front();
    return first.attention ? 0 : first.tensors.back().bytes;
  };
  CHECK(written(prefill(2, 100, 8, 4, 64)) == 2.0 * 100 * 4 * 2 * 64 * 2);
  CHECK(written(decode(2, 100, 8, 4, 64)) == 2.0 * 4 * 2 * 64 * 2);
  gpu.variants.mutable_side()->set_cache_write(false);
  CHECK(written(prefill(2, 100, 8, 4, 64)) == 0);
}

TEST_CASE("eight-bit operands leave bf16, and V is turned around for wgmma") {
  Gpu gpu(h800());
  Operator op = prefill(4, 2048, 16, 16, 128);
  const double wide = microseconds(gpu.run(op));
  op.mutable_attention_prefill()->set_dtype(DTYPE_FP8);
  const auto program = gpu.program(op);
  CHECK(bytes_moved(program, chips::kTmaStore, kO) == 4.0 * 2048 * 16 * 128 * 2);
  CHECK(bytes_moved(program, chips::kTma, 0) == 4.0 * 2048 * 16 * 128);
  CHECK(microseconds(gpu.run(op)) < wide);
}
