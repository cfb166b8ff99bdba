#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "models/chips/family.h"
#include "models/kernels/tensor_gpu/mla_parts.h"
#include "sim/memory/tile_access.h"
#include "tests/models/kernels/tensor_gpu/chip_h800.h"

using namespace reticle;
using namespace reticle::test;

namespace {

constexpr std::size_t kOutput = 2;

double share_of_peak(double batch, double kv_len, double heads, double us) {
  return 2 * batch * kv_len * heads * (576 + 512) / (us * 1e-6) / (132.0 * 4096 * 1.755e9);
}

kernels::MlaWork mla(std::int64_t sequences, std::int64_t kv_len, std::int64_t queries) {
  return {sequences, kv_len, queries, 576, 512, DTYPE_BFLOAT16};
}

}  // namespace

TEST_CASE("KV blocks are dealt evenly and each exactly once") {
  for (const std::int64_t kv_len : {1, 64, 65, 1000, 4096}) {
    const auto dealt = kernels::tensor_gpu::deal_mla(mla(7, kv_len, 128), 132);
    CHECK(dealt.lanes == 2);
    std::int64_t least = 1 << 30;
    std::int64_t most = 0;
    std::int64_t sum = 0;
    for (const auto& part : dealt.parts) {
      std::int64_t blocks = 0;
      for (const auto& segment : part) {
        blocks += segment.end - segment.first;
      }
      least = std::min(least, blocks);
      most = std::max(most, blocks);
      sum += blocks;
    }
    CHECK(sum == 7 * ((kv_len + 63) / 64));
    CHECK(most - least <= 1);
    CHECK(dealt.parts.size() <= 66);
  }
}

TEST_CASE("every output row is written once, split or not") {
  Gpu gpu(h800());
  for (const std::int64_t heads : {16, 64, 128, 200}) {
    for (const std::int64_t batch : {1, 5, 132}) {
      double whole = static_cast<double>(batch * heads) * 512 * 2;
      double partial = 0;
      for (const kernels::Work& work : gpu.launches(mla_decode(batch, 700, heads))) {
        if (work.mla) {
          partial = bytes_moved(gpu.program(work), chips::kTmaStore, kOutput);
        } else if (work.combine) {
          const auto& sum = *work.combine;
          CHECK(bytes_moved(gpu.program(work), chips::kTmaStore, 1) ==
                static_cast<double>(sum.rows) * 512 * 2);
          whole += static_cast<double>(2 * sum.partials - sum.rows) * 512 * 2;
        }
      }
      CHECK(partial == whole);
    }
  }
}

TEST_CASE("MLA decode lies under both roofs and well above the floor") {
  Gpu gpu(h800());
  const double us = microseconds(gpu.run(mla_decode(64, 4096, 128)));
  CHECK(us > 64.0 * 4096 * 576 * 2 / (3.3536e12 * 0.91) * 1e6);
  CHECK(share_of_peak(64, 4096, 128, us) < 1);
  CHECK(share_of_peak(64, 4096, 128, us) > 0.4);
}

TEST_CASE("splitting a single long sequence uses all SMs") {
  Gpu gpu(h800());
  const double one = microseconds(gpu.run(mla_decode(1, 65536, 128)));
  const double two_sms = microseconds(gpu.run(mla_decode(1, 65536, 128), 2));
  CHECK(two_sms > 15 * one);
}

TEST_CASE("the latent KV comes once from HBM for both row blocks of a sequence") {
  Gpu gpu(h800());
  const double kv = 16.0 * 4096 * 576 * 2;
  const auto one = gpu.run(mla_decode(16, 4096, 64));
  const auto two = gpu.run(mla_decode(16, 4096, 128));
  CHECK(one.hbm_bytes >= kv);
  CHECK(two.hbm_bytes >= kv);
  CHECK(two.hbm_bytes < 1.1 * kv);
}

// Cores are near partitions in turn. From two of them, every key would cross: 458 TFLOPS at 1.66
// GHz where H100 tables have 587 to 632.
TEST_CASE("row blocks that read the same keys are near one partition of L2") {
  Gpu gpu(h800());
  const auto program = gpu.program(mla_decode(64, 4096, 128));
  std::map<std::uint64_t, std::set<std::uint32_t>> near;  // of the first key block a core reads
  std::set<std::uint32_t> cores;
  for (const compute::CoreProgram& core : program.cores) {
    CHECK(cores.insert(core.core).second);
    CHECK(core.core < 132);
    const auto& loads = core.queues[chips::kTma];
    const auto key = std::find_if(loads.begin(), loads.end(), [](const auto& load) {
      return memory::tensor_of(load.key) == 1;
    });
    near[key->key].insert(core.core % 2);
  }
  CHECK(near.size() == 66);
  for (const auto& [key, partitions] : near) {
    CHECK(partitions.size() == 1);
  }
}

TEST_CASE("a slow SFU lengthens MLA, a fast one does not shorten it") {
  Chip slow_chip = h800();
  slow_chip.mutable_tensor_gpu()->set_sfu_rate(1);
  Chip fast_chip = h800();
  fast_chip.mutable_tensor_gpu()->set_sfu_rate(64);
  Gpu normal(h800(), "normal");
  Gpu slow(slow_chip, "slow");
  Gpu fast(fast_chip, "fast");
  const Operator op = mla_decode(66, 2048, 128);
  const double base = microseconds(normal.run(op));
  CHECK(microseconds(slow.run(op)) > 1.3 * base);
  CHECK(microseconds(fast.run(op)) > 0.95 * base);
}

TEST_CASE("random decode batches finish, on any number of SMs") {
  Gpu gpu(h800());
  std::mt19937 random(11);
  for (int i = 0; i < 40; ++i) {
    const auto batch = static_cast<std::int64_t>(random() % 40 + 1);
    const auto kv_len = static_cast<std::int64_t>(i == 0 ? 1 : random() % 1500 + 1);
    const auto heads = static_cast<std::int64_t>(i == 0 ? 1 : random() % 300 + 1);
    const auto sms = static_cast<std::int64_t>(random() % 132 + 1);
    CAPTURE(batch, kv_len, heads, sms);
    REQUIRE(gpu.run(mla_decode(batch, kv_len, heads), sms).elapsed > 0);
  }
}
