#include "sim/memory/dram_service.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "sim/memory/dram_controller.h"
#include "sim/memory/hbm.h"
#include "tests/sim/memory/dram.h"

using namespace reticle::memory;
using reticle::engine::Ps;
using reticle::test::dram;

namespace {

double fraction(const DramSpec& spec, std::uint32_t run, double writes) {
  const double pin = 1e12 * spec.burst_bytes / static_cast<double>(spec.burst);
  return DramService(spec).bandwidth(run, writes) / pin;
}

DramSpec all_bank() {
  DramSpec spec = dram();
  spec.per_bank_refresh = false;
  spec.queue = 256;
  return spec;
}

// Tiles at scattered places, striped over channels of their own controllers: the whole stream at
// bank level, against the cached steady state behind `Hbm`.
struct Both {
  double banks = 0;
  double steady = 0;
};

Both stream(std::uint32_t tile, int tiles, int write_every) {
  constexpr std::uint32_t kChannels = 16;
  const DramSpec spec = dram();
  Hbm hbm({kChannels, 0, 0, tile / kChannels, spec});
  std::vector<DramController> controllers(kChannels, DramController(spec));
  Both both;
  std::uint64_t random = 1;
  for (int i = 0; i < tiles; ++i) {
    const bool write = write_every > 0 && i % write_every == 0;
    both.steady = std::max(
        both.steady,
        static_cast<double>(hbm.serve(0, static_cast<std::uint64_t>(i) * kChannels, tile, write)));
    const std::uint32_t each = tile / kChannels;
    for (DramController& controller : controllers) {
      random = random * 6364136223846793005ULL + 1442695040888963407ULL;
      push_bytes(controller, spec, (random >> 40) * each, each, write);
    }
  }
  for (DramController& controller : controllers) {
    both.banks += static_cast<double>(controller.run()) / kChannels;
  }
  return both;
}

}  // namespace

TEST_CASE("refresh of all banks costs tRFC / tREFI of a stream, per-bank refresh hides") {
  const double refresh = 1 - 350.0 / 3900;
  CHECK(fraction(all_bank(), 512, 0) == Approx(refresh).epsilon(0.015));
  DramSpec per_bank = all_bank();
  per_bank.per_bank_refresh = true;
  CHECK(fraction(per_bank, 512, 0) > 0.99);
  CHECK(fraction(per_bank, 512, 0) <= 1);
}

TEST_CASE("reads and writes mixed pay for turning the bus around, most at half and half") {
  const double reads = fraction(all_bank(), 512, 0);
  const double eighth = fraction(all_bank(), 512, 0.125);
  const double half = fraction(all_bank(), 512, 0.5);
  CHECK(eighth < reads);
  CHECK(half < eighth);
  CHECK(fraction(all_bank(), 512, 1) == Approx(reads).epsilon(0.02));
}

TEST_CASE("single bursts at scattered rows are held to four activates a tFAW") {
  CHECK(DramService(dram()).bandwidth(32, 0) <= 4 * 32 / 15e-9);
  CHECK(DramService(dram()).bandwidth(32, 0) > 0.85 * 4 * 32 / 15e-9);
}

TEST_CASE("a smaller window hides less, a longer refresh costs more") {
  DramSpec narrow = all_bank();
  narrow.queue = 48;
  CHECK(fraction(narrow, 512, 0) < fraction(all_bank(), 512, 0));
  DramSpec dense = all_bank();
  dense.tRFC = 550000;
  CHECK(fraction(dense, 512, 0) < fraction(all_bank(), 512, 0));
}

TEST_CASE("a stream at bank level and its cached steady state take the same time within 2 %") {
  for (const std::uint32_t tile : {4096U, 16384U}) {
    for (const int write_every : {0, 4, 2}) {
      const Both both = stream(tile, static_cast<int>(24'000'000 / tile), write_every);
      INFO("tiles of " << tile << " B, one in " << write_every << " written");
      CHECK(both.steady == Approx(both.banks).epsilon(0.02));
    }
  }
}

TEST_CASE("a controller serves every burst once, and a pattern is simulated once") {
  DramController controller(dram());
  push_bytes(controller, dram(), 1000, 100, false);  // 24 bytes of one page, 76 of the next
  CHECK(controller.run() ==
        dram().tRCDRD + dram().tRRD_S + 2 * dram().tCCD_L + dram().RL + dram().burst);
  DramService service(dram());
  CHECK(service.bandwidth(512, 0.5) == service.bandwidth(400, 0.49));
  CHECK(service.bandwidth(512, 0.5) == DramService(dram()).bandwidth(512, 0.5));
}
