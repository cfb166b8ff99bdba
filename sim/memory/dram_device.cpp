#include "sim/memory/dram_device.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace reticle::memory {

using engine::Ps;

namespace {

void raise(Ps& limit, Ps at) { limit = std::max(limit, at); }

}  // namespace

DramDevice::DramDevice(const DramSpec& spec)
    : spec_(spec), banks_(spec.banks()), groups_(spec.bank_groups) {
  activates_.fill(std::numeric_limits<Ps>::min() / 2);
}

Ps DramDevice::earliest(DramCommand command, std::uint32_t index) const {
  const Bank& bank = banks_[index];
  const Shared& group = groups_[index % spec_.bank_groups];
  switch (command) {
    case DramCommand::kActivate:
      return std::max(
          {bank.activate, group.activate, channel_.activate, activates_[oldest_] + spec_.tFAW});
    case DramCommand::kPrecharge:
      return bank.precharge;
    case DramCommand::kRead:
      return std::max({bank.read, group.read, channel_.read});
    case DramCommand::kWrite:
      return std::max({bank.write, group.write, channel_.write});
    case DramCommand::kRefreshBank:
      return bank.activate;
    default:
      break;
  }
  Ps latest = 0;
  for (const Bank& each : banks_) {
    raise(latest, each.activate);
  }
  return latest;
}

bool DramDevice::all_closed() const {
  return std::all_of(banks_.begin(), banks_.end(),
                     [](const Bank& bank) { return bank.row == kNoRow; });
}

void DramDevice::check(DramCommand command, std::uint32_t bank, Ps at) const {
  if (at < earliest(command, bank)) {
    throw std::logic_error("DRAM command too early");
  }
  const bool open = banks_[bank].row != kNoRow;
  const bool needs_row = command == DramCommand::kRead || command == DramCommand::kWrite;
  const bool needs_closed =
      command == DramCommand::kActivate || command == DramCommand::kRefreshBank;
  if ((needs_row && !open) || (needs_closed && open) ||
      (command == DramCommand::kRefreshAll && !all_closed())) {
    throw std::logic_error("DRAM command to a bank in the wrong state");
  }
}

void DramDevice::issue(DramCommand command, std::uint32_t index, std::int64_t row, Ps at) {
  check(command, index, at);
  Bank& bank = banks_[index];
  Shared& group = groups_[index % spec_.bank_groups];
  switch (command) {
    case DramCommand::kActivate:
      bank.row = row;
      activate(bank, group, at);
      break;
    case DramCommand::kPrecharge:
      bank.row = kNoRow;
      raise(bank.activate, at + spec_.tRP);
      break;
    case DramCommand::kRead:
      read(bank, group, at);
      break;
    case DramCommand::kWrite:
      write(bank, group, at);
      break;
    case DramCommand::kRefreshBank:
      raise(bank.activate, at + spec_.tRFCpb);
      break;
    case DramCommand::kRefreshAll:
      for (Bank& each : banks_) {
        raise(each.activate, at + spec_.tRFC);
      }
      break;
  }
}

void DramDevice::activate(Bank& bank, Shared& group, Ps at) {
  raise(bank.read, at + spec_.tRCDRD);
  raise(bank.write, at + spec_.tRCDWR);
  raise(bank.precharge, at + spec_.tRAS);
  raise(group.activate, at + spec_.tRRD_L);
  raise(channel_.activate, at + spec_.tRRD_S);
  activates_[oldest_] = at;
  oldest_ = (oldest_ + 1) % activates_.size();
}

void DramDevice::read(Bank& bank, Shared& group, Ps at) {
  raise(group.read, at + spec_.tCCD_L);
  raise(channel_.read, at + spec_.tCCD_S);
  raise(channel_.write, at + spec_.tRTW);
  raise(bank.precharge, at + spec_.tRTP);
}

void DramDevice::write(Bank& bank, Shared& group, Ps at) {
  const Ps end = at + spec_.WL + spec_.burst;
  raise(group.write, at + spec_.tCCD_L);
  raise(channel_.write, at + spec_.tCCD_S);
  raise(group.read, end + spec_.tWTR_L);
  raise(channel_.read, end + spec_.tWTR_S);
  raise(bank.precharge, end + spec_.tWR);
}

}  // namespace reticle::memory
