#include "sim/memory/dram_device.h"

#include <catch2/catch.hpp>

#include "tests/sim/memory/dram.h"

using namespace reticle::memory;
using reticle::engine::Ps;
using reticle::test::dram;

namespace {

constexpr auto kAct = DramCommand::kActivate;
constexpr auto kPre = DramCommand::kPrecharge;
constexpr auto kRd = DramCommand::kRead;
constexpr auto kWr = DramCommand::kWrite;

// Banks 0 and 4 are of one group, bank 1 of another (dram(): four groups).
constexpr std::uint32_t kSameGroup = 4;
constexpr std::uint32_t kOtherGroup = 1;

struct Step {
  DramCommand command;
  std::uint32_t bank;
  Ps at;
};

// After `before`, the command is refused one picosecond early and accepted at `legal`.
void require_legal_at(const std::vector<Step>& before, DramCommand command, std::uint32_t bank,
                      Ps legal) {
  DramDevice early(dram());
  DramDevice in_time(dram());
  for (const Step& step : before) {
    early.issue(step.command, step.bank, 7, step.at);
    in_time.issue(step.command, step.bank, 7, step.at);
  }
  CHECK(in_time.earliest(command, bank) == legal);
  CHECK_THROWS_WITH(early.issue(command, bank, 7, legal - 1), "DRAM command too early");
  CHECK_NOTHROW(in_time.issue(command, bank, 7, legal));
}

}  // namespace

TEST_CASE("tRCD: a row is open before it is read or written") {
  require_legal_at({{kAct, 0, 0}}, kRd, 0, dram().tRCDRD);
  require_legal_at({{kAct, 0, 0}}, kWr, 0, dram().tRCDWR);
}

TEST_CASE("tRAS, tRTP, tWR: what a precharge waits for") {
  require_legal_at({{kAct, 0, 0}}, kPre, 0, dram().tRAS);
  require_legal_at({{kAct, 0, 0}, {kRd, 0, 30000}}, kPre, 0, 30000 + dram().tRTP);
  const Ps written = 9000 + dram().WL + dram().burst;
  require_legal_at({{kAct, 0, 0}, {kWr, 0, 9000}}, kPre, 0, written + dram().tWR);
}

TEST_CASE("tRP: a bank is closed before it opens again") {
  require_legal_at({{kAct, 0, 0}, {kPre, 0, 28000}}, kAct, 0, 28000 + dram().tRP);
}

TEST_CASE("tRRD and tFAW: activates of different banks") {
  require_legal_at({{kAct, 0, 0}}, kAct, kOtherGroup, dram().tRRD_S);
  require_legal_at({{kAct, 0, 0}}, kAct, kSameGroup, dram().tRRD_L);
  require_legal_at({{kAct, 0, 0}, {kAct, 1, 2500}, {kAct, 2, 5000}, {kAct, 3, 7500}}, kAct, 4,
                   dram().tFAW);
}

TEST_CASE("tCCD: bursts of different and of the same bank group") {
  const std::vector<Step> open = {{kAct, 0, 0}, {kAct, 1, 2500}, {kAct, 4, 5000}, {kRd, 0, 30000}};
  require_legal_at(open, kRd, kOtherGroup, 30000 + dram().tCCD_S);
  require_legal_at(open, kRd, kSameGroup, 30000 + dram().tCCD_L);
  require_legal_at(open, kRd, 0, 30000 + dram().tCCD_L);
}

TEST_CASE("tRTW and tWTR: the bus turns around") {
  const std::vector<Step> open = {{kAct, 0, 0}, {kAct, 1, 2500}, {kAct, 4, 5000}};
  std::vector<Step> read = open;
  read.push_back({kRd, 0, 30000});
  require_legal_at(read, kWr, kOtherGroup, 30000 + dram().tRTW);
  std::vector<Step> written = open;
  written.push_back({kWr, 0, 30000});
  const Ps end = 30000 + dram().WL + dram().burst;
  require_legal_at(written, kRd, kOtherGroup, end + dram().tWTR_S);
  require_legal_at(written, kRd, kSameGroup, end + dram().tWTR_L);
}

TEST_CASE("tRFC: a refreshed bank opens later, with per-bank refresh only that one") {
  require_legal_at({{DramCommand::kRefreshBank, 0, 0}}, kAct, 0, dram().tRFCpb);
  require_legal_at({{DramCommand::kRefreshAll, 0, 0}}, kAct, 9, dram().tRFC);
  DramDevice device(dram());
  device.issue(DramCommand::kRefreshBank, 0, 0, 0);
  CHECK(device.earliest(kAct, kOtherGroup) == 0);
  require_legal_at({{kAct, 0, 0}, {kPre, 0, 28000}}, DramCommand::kRefreshBank, 0,
                   28000 + dram().tRP);
}

TEST_CASE("a command needs its bank in the right state") {
  DramDevice device(dram());
  const char* const kWrong = "DRAM command to a bank in the wrong state";
  CHECK_THROWS_WITH(device.issue(kRd, 0, 0, 100000), kWrong);
  device.issue(kAct, 0, 3, 0);
  CHECK(device.open_row(0) == 3);
  CHECK_THROWS_WITH(device.issue(kAct, 0, 3, 100000), kWrong);
  CHECK_THROWS_WITH(device.issue(DramCommand::kRefreshBank, 0, 0, 100000), kWrong);
  CHECK_THROWS_WITH(device.issue(DramCommand::kRefreshAll, 0, 0, 100000), kWrong);
  device.issue(kPre, 0, 0, 100000);
  CHECK(device.all_closed());
}
