#include "sim/compute/flag_board.h"

#include <algorithm>
#include <stdexcept>

#include "sim/compute/core.h"

namespace reticle::compute {

FlagBoard::FlagBoard(engine::EventQueue& events, engine::Ps latency, std::uint32_t rank)
    : events_(events), latency_(latency), rank_(rank) {}

void FlagBoard::reset(std::uint32_t flags) {
  counts_.assign(flags, 0);
  watchers_.assign(flags, {});
}

void FlagBoard::raise(Flag flag, engine::Ps at) {
  if (flag - kSharedFlags >= counts_.size()) {
    throw std::logic_error("flag raised that the program did not ask for");
  }
  events_.schedule(at + latency_, rank_, *this, flag - kSharedFlags);
}

void FlagBoard::watch(Flag flag, Core& core) {
  std::vector<Core*>& watchers = watchers_[flag - kSharedFlags];
  if (std::find(watchers.begin(), watchers.end(), &core) == watchers.end()) {
    watchers.push_back(&core);
  }
}

void FlagBoard::on_event(std::uint64_t token) {
  ++counts_[token];
  std::vector<Core*> woken;
  woken.swap(watchers_[token]);
  std::sort(woken.begin(), woken.end(),
            [](const Core* a, const Core* b) { return a->rank() < b->rank(); });
  for (Core* core : woken) {
    core->issue_all();
  }
}

}  // namespace reticle::compute
