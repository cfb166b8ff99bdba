#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/memory/dram_spec.h"

namespace reticle::memory {

enum class DramCommand { kActivate, kPrecharge, kRead, kWrite, kRefreshBank, kRefreshAll };

constexpr std::int64_t kNoRow = -1;

// The banks of one channel: which rows are open, and when each command is legal next.
class DramDevice {
 public:
  explicit DramDevice(const DramSpec& spec);

  // First instant at which timing allows the command (to this bank; a refresh of all ignores it).
  engine::Ps earliest(DramCommand command, std::uint32_t bank) const;

  // Issues it. Throws std::logic_error if it is too early or the bank's row does not suit it: RD
  // and WR need an open row, ACT and the refreshes a closed bank.
  void issue(DramCommand command, std::uint32_t bank, std::int64_t row, engine::Ps at);

  std::int64_t open_row(std::uint32_t bank) const { return banks_[bank].row; }
  bool all_closed() const;

 private:
  struct Bank {
    std::int64_t row = kNoRow;
    engine::Ps activate = 0;  // each: legal from here on
    engine::Ps precharge = 0;
    engine::Ps read = 0;
    engine::Ps write = 0;
  };
  struct Shared {  // of a group, or of the channel
    engine::Ps activate = 0;
    engine::Ps read = 0;
    engine::Ps write = 0;
  };
  void activate(Bank& bank, Shared& group, engine::Ps at);
  void read(Bank& bank, Shared& group, engine::Ps at);
  void write(Bank& bank, Shared& group, engine::Ps at);
  void check(DramCommand command, std::uint32_t bank, engine::Ps at) const;

  DramSpec spec_;
  std::vector<Bank> banks_;
  std::vector<Shared> groups_;
  Shared channel_;
  std::array<engine::Ps, 4> activates_;  // the last four, for tFAW
  std::size_t oldest_ = 0;
};

}  // namespace reticle::memory
