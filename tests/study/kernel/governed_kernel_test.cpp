#include "study/kernel/governed_kernel.h"

#include <catch2/catch.hpp>
#include <deque>

#include "schema/config/assign.h"
#include "schema/config/catalog.h"
#include "study/kernel/kernel_study.h"

using namespace reticle;
using namespace reticle::study;

namespace {

// H100s that differ only in their power cap; what one simulated, all know.
class Caps {
 public:
  explicit Caps(const std::vector<double>& caps_w) {
    const config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
    Chip chip = catalog.chip("h100-sxm").message;
    const Software software = catalog.software(chip.software()).message;
    for (const double cap_w : caps_w) {
      chip.mutable_power()->set_cap(cap_w);
      simulators_.emplace_back("cap" + std::to_string(simulators_.size()), chip, software,
                               FIDELITY_CYCLE, store_);
    }
    l2_.set_start(L2_START_COLD);
  }

  GovernedKernel gemm(std::size_t index, const char* m, const char* n, const char* k) {
    return governed_kernel(simulators_[index], operator_of(m, n, k), l2_, FIDELITY_CYCLE);
  }
  KernelResult result(std::size_t index, const char* m, const char* n, const char* k) {
    return kernel_result(simulators_[index], operator_of(m, n, k), l2_);
  }

 private:
  static Operator operator_of(const char* m, const char* n, const char* k) {
    Operator op;
    config::assign(config::select_op(op, "gemm"),
                   {{"m", m}, {"n", n}, {"k", k}, {"dtype", "bfloat16"}});
    return op;
  }

  kernels::Store store_{{}};
  std::deque<Simulator> simulators_;
  L2State l2_;
};

constexpr double kNoCap = 1e5;

double watts(const GovernedKernel& kernel) { return chips::total(kernel.joules) / kernel.seconds; }

}  // namespace

TEST_CASE("held down to the cap exactly, and no further than it takes") {
  Caps caps({kNoCap, 300, 350, 400, 450, 500, 2000});
  const GovernedKernel free = caps.gemm(0, "2048", "2048", "1024");
  CHECK_FALSE(free.held_down);
  CHECK(free.clock_hz == Approx(1.98e9).epsilon(1e-3));
  double before = 1;
  for (const std::size_t index : {1, 2, 3, 4, 5}) {
    const GovernedKernel held = caps.gemm(index, "2048", "2048", "1024");
    CHECK(held.held_down);
    CHECK_FALSE(held.over_cap);
    CHECK(watts(held) == Approx(250 + 50 * static_cast<double>(index)).epsilon(1e-9));
    CHECK(held.clock_hz < free.clock_hz);
    CHECK(held.seconds > free.seconds);
    CHECK(held.seconds < before);  // a higher cap is never slower
    CHECK(held.temperature_c < free.temperature_c);
    before = held.seconds;
  }
  CHECK(watts(free) > 501);
  const GovernedKernel roomy = caps.gemm(6, "2048", "2048", "1024");
  CHECK(roomy.seconds == free.seconds);
  CHECK(roomy.joules == free.joules);
}

TEST_CASE("a cap no clock satisfies is reported") {
  Caps caps({90});
  const GovernedKernel kernel = caps.gemm(0, "512", "512", "512");
  CHECK(kernel.over_cap);
  CHECK(kernel.held_down);
  CHECK(kernel.clock_hz ==
        Approx(424.6e6).epsilon(1e-3));  // 17 steps of 0.05 x 1830 below 1.082 x 1830
}

TEST_CASE(
    "a memory-bound kernel keeps its clock under the cap, and its time where it is held down") {
  Caps caps({700, kNoCap, 400});
  const KernelResult kernel = caps.result(0, "16", "16384", "4096");
  CHECK(kernel.bound_by() == "hbm");
  CHECK(kernel.clock_mhz() == Approx(1980).epsilon(1e-3));
  CHECK(kernel.power_w() < 700);
  const KernelResult held = caps.result(2, "16", "16384", "4096");
  CHECK(held.clock_mhz() < 1900);
  CHECK(held.bound_by() == "hbm");
  CHECK(held.time_us() < 1.1 * kernel.time_us());
  CHECK(held.time_us() >= kernel.time_us());
}

TEST_CASE("a compute-bound kernel under the cap is bound by power") {
  Caps caps({kNoCap, 350});
  CHECK(caps.result(0, "2048", "2048", "1024").bound_by() != "power");
  const KernelResult held = caps.result(1, "2048", "2048", "1024");
  CHECK(held.bound_by() == "power");
  CHECK_FALSE(held.over_power_cap());
  double sum = 0;
  for (const NamedValue& part : held.power_by_component()) {
    CHECK(part.value() > 0);
    sum += part.value();
  }
  CHECK(sum == Approx(held.power_w()).epsilon(1e-12));
  CHECK(held.energy_mj() == Approx(held.power_w() * held.time_us() * 1e-3));
}

TEST_CASE("the governed result has the same bits again, and after other clocks") {
  Caps caps({350, 420, 350});
  const KernelResult first = caps.result(0, "1024", "2048", "512");
  caps.result(1, "1024", "2048", "512");
  CHECK(caps.result(2, "1024", "2048", "512").SerializeAsString() == first.SerializeAsString());
}
