#include "sim/memory/hbm.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace reticle::memory;
using reticle::engine::Ps;

namespace {

// 25.6 GB/s a channel: 512 B in 20,000 ps.
HbmSpec spec(std::uint32_t channels) { return {channels, 25.6e9, 500000, 512}; }

Ps stream(std::uint32_t channels, std::uint32_t tile, int tiles) {
  Hbm hbm(spec(channels));
  Ps end = 0;
  for (int i = 0; i < tiles; ++i) {
    end = std::max(end, hbm.serve(0, static_cast<std::uint64_t>(i), tile));
  }
  return end;
}

}  // namespace

TEST_CASE("one request takes its largest share over a channel's bandwidth") {
  CHECK(Hbm(spec(16)).serve(0, 1, 512) == 20000);       // one unit, one channel
  CHECK(Hbm(spec(16)).serve(0, 1, 513) == 10020);       // two units share 513 B: 256.5 B each
  CHECK(Hbm(spec(16)).serve(0, 1, 8192) == 20000);      // 16 units on 16 channels
  CHECK(Hbm(spec(16)).serve(0, 1, 17 * 512) == 40000);  // one channel serves two units
  CHECK(Hbm(spec(4)).serve(0, 1, 8192) == 80000);
  CHECK(Hbm(spec(16)).serve(7, 1, 512) == 20007);
  CHECK(Hbm(spec(16)).serve(7, 1, 0) == 7);
  HbmSpec odd = spec(1);
  odd.channel_bandwidth = 3e12;
  CHECK(Hbm(odd).serve(0, 1, 4) == 2);  // 1.33 ps
}

TEST_CASE("a request at a busy channel waits for exactly what is ahead of it") {
  Hbm hbm(spec(1));
  CHECK(hbm.serve(0, 1, 512) == 20000);
  CHECK(hbm.serve(0, 2, 1024) == 60000);
  CHECK(hbm.serve(59999, 3, 512) == 80000);  // busy until 60,000
  CHECK(hbm.serve(80000, 4, 512) == 100000);
  CHECK(hbm.serve(100001, 5, 512) == 120001);  // idle: starts at once
  CHECK(hbm.bytes() == 512 * 6);
  CHECK(hbm.busy() == 120000);  // the gap of 1 ps is not busy
}

TEST_CASE("streaming reaches channel bandwidth times channels") {
  const double whole = 20000 * 4096 * 16.0 / 16;  // 4,096 tiles of 16 units on 16 channels
  CHECK(stream(16, 8192, 4096) == static_cast<Ps>(whole));
  // 4 KiB tiles land on 8 of 16 channels at random places: 1 % of imbalance at most.
  CHECK(static_cast<double>(stream(16, 4096, 1 << 16)) == Approx(20000.0 * 32768).epsilon(0.01));
}

TEST_CASE("twice the channels take half the time") {
  CHECK(stream(8, 16384, 1000) == 2 * stream(16, 16384, 1000));
  CHECK(stream(16, 16384, 1000) == 2 * stream(32, 16384, 1000));
}

// A request of 20,000 ps and one of 40,000 that comes with it: work falls from 60,000 to nothing.
TEST_CASE("the backlog is the work that waits, over time, averaged over channels") {
  Hbm hbm(spec(1));
  hbm.serve(0, 1, 512);
  hbm.serve(0, 2, 1024);
  CHECK(hbm.backlog(60000) == 30000);
  CHECK(hbm.backlog(120000) == 15000);  // idle from 60,000 on
  CHECK(hbm.backlog(0) == 0);
  hbm.serve(80000, 3, 512);
  CHECK(hbm.backlog(100000) == (1800000000 + 200000000) / 100000);
  Hbm two(spec(2));
  two.serve(0, 1, 512);
  CHECK(two.backlog(20000) == 5000);
}

TEST_CASE("what waits behind other kernels comes later, and occupies nothing meanwhile") {
  HbmSpec behind = spec(1);
  behind.wait = 7000;
  Hbm hbm(behind);
  CHECK(hbm.serve(0, 1, 512) == 27000);
  CHECK(hbm.serve(0, 2, 512) == 47000);
  CHECK(hbm.busy() == 40000);
}

TEST_CASE("busy time is averaged over channels, and reset forgets everything") {
  Hbm hbm(spec(4));
  hbm.serve(0, 1, 512);
  CHECK(hbm.busy() == 5000);
  CHECK(hbm.bandwidth() == 4 * 25.6e9);
  hbm.reset();
  CHECK(hbm.bytes() == 0);
  CHECK(hbm.busy() == 0);
  CHECK(hbm.serve(0, 1, 512) == 20000);
  const auto statistics = hbm.statistics();
  REQUIRE(statistics.size() == 2);
  CHECK(statistics[0].name == "hbm.bytes");
  CHECK(statistics[0].unit == "B");
  CHECK(statistics[0].value == 512);
}
