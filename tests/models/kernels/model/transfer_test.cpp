// What the same programs say about every GPU of configs/chips, measured or not: ratios between
// chips follow from their hardware, and nothing a chip has a unit for is refused.
#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>

#include "models/kernels/kernel_key.h"
#include "models/kernels/kernel_model.h"
#include "schema/config/catalog.h"
#include "schema/operators.h"

using namespace reticle;

namespace {

const std::vector<std::string>& gpus() {
  static const std::vector<std::string> names = {"a100-sxm-80gb", "l40s",     "h100-sxm", "h20",
                                                 "h200-sxm",      "b200-sxm", "gb200"};
  return names;
}

const config::Catalog& configs() {
  static const config::Catalog catalog(std::string(RETICLE_SOURCE_DIR) + "/configs");
  return catalog;
}

Operator decode(std::int64_t batch, std::int64_t context) {
  Operator op;
  AttentionDecode& attention = *op.mutable_attention_decode();
  attention.set_batch_size(batch);
  attention.set_kv_len(context);
  attention.set_q_len(1);
  attention.set_num_heads(32);
  attention.set_num_key_value_heads(8);
  attention.set_head_dim(128);
  attention.set_dtype(DTYPE_BFLOAT16);
  return op;
}

// All models are made before the first kernel runs: SystemC elaborates once a process.
class Fleet {
 public:
  Fleet() {
    constexpr std::int64_t kSteps = 1 << 15;  // more are extrapolated
    for (const std::string& name : gpus()) {
      chips_.push_back(configs().chip(name).message);
      models_.emplace_back("chip" + std::to_string(models_.size()), chips_.back(), kSteps);
    }
  }

  const Chip& chip(std::size_t i) const { return chips_[i]; }
  std::size_t size() const { return chips_.size(); }

  double seconds(std::size_t i, const Operator& op, L2Start start = L2_START_COLD) {
    L2State l2;
    l2.set_start(start);
    const Software software = configs().software(chips_[i].software()).message;
    const auto demand = models_[i].run(kernels::make_key(
        chips_[i], software, op, kernels::all_cores(chips_[i]), l2, FIDELITY_CYCLE));
    return static_cast<double>(demand.time_ps()) * 1e-12;
  }

 private:
  std::deque<Chip> chips_;
  std::deque<kernels::KernelModel> models_;
};

double pin_rate(const Chip& chip) {
  const Hbm& hbm = chip.hbm();
  return hbm.stacks() * hbm.channels_per_stack() * hbm.channel_width() / 8.0 * hbm.data_rate();
}

double peak(const Chip& chip, Dtype dtype) {
  for (const MatrixRate& rate : chip.tensor_gpu().matrix()) {
    if (rate.dtype() == dtype) {
      return 2.0 * rate.macs_per_clk() * chip.tensor_gpu().sms() * chip.clock();
    }
  }
  return 0;
}

}  // namespace

TEST_CASE("weights of 268 MB stream at 70 to 100 % of every GPU's memory") {
  Fleet fleet;
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    const double bytes = 2.0 * 16384 * 8192;
    const double rate = bytes / fleet.seconds(i, operators::gemm(16, 16384, 8192, DTYPE_BFLOAT16));
    INFO(gpus()[i]);
    CHECK(rate / pin_rate(fleet.chip(i)) > 0.7);
    CHECK(rate / pin_rate(fleet.chip(i)) < 1.0);
  }
}

// A block of 64 query rows is multiplied though four are there: 64 operations a byte of cache,
// which is more than the tensor cores of an H20 have for its memory.
TEST_CASE("caches of 1 GB stream at 65 to 100 % of memory, or as padded rows let tensor cores") {
  Fleet fleet;
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    const double bytes = 64.0 * 4096 * 2 * 8 * 128 * 2;
    const double rate = bytes / fleet.seconds(i, decode(64, 4096));
    INFO(gpus()[i]);
    const double padded = peak(fleet.chip(i), DTYPE_BFLOAT16) / 64;
    CHECK(rate > 0.65 * std::min(pin_rate(fleet.chip(i)), padded));
    CHECK(rate / pin_rate(fleet.chip(i)) < 1.0);
  }
}

TEST_CASE("a 4096-cube takes 60 to 100 % of every GPU's tensor cores at a fixed clock") {
  Fleet fleet;
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    const double operations = 2.0 * 4096 * 4096 * 4096;
    const double rate =
        operations / fleet.seconds(i, operators::gemm(4096, 4096, 4096, DTYPE_BFLOAT16));
    INFO(gpus()[i]);
    CHECK(rate / peak(fleet.chip(i), DTYPE_BFLOAT16) > 0.6);
    CHECK(rate / peak(fleet.chip(i), DTYPE_BFLOAT16) < 1.0);
  }
}

TEST_CASE("every type a GPU has a rate for runs, with one row, odd sizes and odd widths") {
  Fleet fleet;
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    std::vector<Dtype> types;
    for (const MatrixRate& rate : fleet.chip(i).tensor_gpu().matrix()) {
      types.push_back(rate.dtype());
    }
    if (peak(fleet.chip(i), DTYPE_FP8) > 0) {
      types.push_back(DTYPE_FP8_BLOCK);
    }
    for (const Dtype type : types) {
      INFO(gpus()[i] << " " << Dtype_Name(type));
      CHECK(fleet.seconds(i, operators::gemm(1, 1, 1, type)) > 0);
      CHECK(fleet.seconds(i, operators::gemm(1, 1000, 520, type)) > 0);
      CHECK(fleet.seconds(i, operators::gemm(77, 1013, 4093, type)) > 0);
    }
  }
}

TEST_CASE("attention runs on every GPU with heads of 64 to 256, one token or many") {
  Fleet fleet;
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    for (const std::int64_t width : {64, 128, 192, 256}) {
      Operator prefill;
      AttentionPrefill& attention = *prefill.mutable_attention_prefill();
      attention.set_batch_size(1);
      attention.set_isl(700);
      attention.set_num_heads(8);
      attention.set_num_key_value_heads(2);
      attention.set_head_dim(width);
      attention.set_dtype(DTYPE_BFLOAT16);
      Operator token = decode(3, 777);
      token.mutable_attention_decode()->set_head_dim(width);
      INFO(gpus()[i] << " " << width);
      CHECK(fleet.seconds(i, prefill) > 0);
      CHECK(fleet.seconds(i, token) > 0);
    }
  }
}

// H200 is an H100 with more memory bandwidth; H20 has more than H100 and fewer SMs.
TEST_CASE("memory-bound kernels follow memory between chips of a family, small cubes the SMs") {
  Fleet fleet;
  const std::size_t h100 = 2;
  const std::size_t h20 = 3;
  const std::size_t h200 = 4;
  REQUIRE(gpus()[h200] == "h200-sxm");
  const Operator stream = operators::gemm(16, 16384, 8192, DTYPE_BFLOAT16);
  const double memory = pin_rate(fleet.chip(h200)) / pin_rate(fleet.chip(h100));
  const double faster = fleet.seconds(h100, stream) / fleet.seconds(h200, stream);
  CHECK(faster > 1 + 0.75 * (memory - 1));
  CHECK(faster < memory * 1.02);
  const Operator cube = operators::gemm(4096, 4096, 4096, DTYPE_BFLOAT16);
  CHECK(fleet.seconds(h100, cube) / fleet.seconds(h200, cube) == Approx(1).epsilon(0.03));
  const double tensor =
      peak(fleet.chip(h100), DTYPE_BFLOAT16) / peak(fleet.chip(h20), DTYPE_BFLOAT16);
  CHECK(fleet.seconds(h20, cube) / fleet.seconds(h100, cube) == Approx(tensor).epsilon(0.25));
}

// What the benchmark wrote goes to HBM as the kernel reads: no more than L2 holds.
TEST_CASE("an L2 flushed by writing costs its write-backs, at most one L2 of them") {
  Fleet fleet;
  for (const std::size_t i : {std::size_t{0}, std::size_t{2}}) {
    const Operator op = operators::gemm(64, 8192, 7168, DTYPE_BFLOAT16);
    const double cold = fleet.seconds(i, op);
    const double flushed = fleet.seconds(i, op, L2_START_FLUSHED);
    const double whole = fleet.chip(i).l2().capacity() / (pin_rate(fleet.chip(i)) / 2);
    INFO(gpus()[i]);
    CHECK(flushed > 1.02 * cold);
    CHECK(flushed < cold + whole);
  }
}
