#include "models/chips/machine.h"

#include <algorithm>
#include <stdexcept>

namespace reticle::chips {

namespace {

std::uint32_t total_cores(const MachineSpec& spec) {
  std::uint32_t total = 0;
  for (const CoreGroup& group : spec.groups) {
    total += group.count;
  }
  return total;
}

std::vector<std::uint32_t> tensor_numbers(const compute::TileProgram& program,
                                          const std::vector<std::string>& names) {
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t i = 0; i < program.tensors.size(); ++i) {
    if (std::find(names.begin(), names.end(), program.tensors[i]) != names.end()) {
      numbers.push_back(i);
    }
  }
  return numbers;
}

}  // namespace

Machine::Machine(const std::string& name, const MachineSpec& spec)
    : spec_(spec),
      events_((name + "_events").c_str()),
      memory_((name + "_memory").c_str(), events_, spec.l2, spec.hbm),
      board_(events_, spec.flag_latency, total_cores(spec)) {
  for (const CoreGroup& group : spec.groups) {
    for (std::uint32_t i = 0; i < group.count; ++i) {
      const std::string core = name + "_" + group.name + std::to_string(i);
      const auto rank = static_cast<std::uint32_t>(cores_.size());
      cores_.emplace_back(core.c_str(), group.core, rank, events_, board_);
      cores_.back().socket.bind(memory_.socket);
    }
  }
}

void Machine::set_spec(const MachineSpec& spec) {
  spec_ = spec;
  memory_.set_l2(spec.l2);
  for (std::uint32_t i = 0; i < cores_.size(); ++i) {
    cores_[i].set_spec(spec.groups[group_of(i)].core);
  }
}

std::uint32_t Machine::first_core(const std::string& group) const {
  std::uint32_t first = 0;
  for (const CoreGroup& candidate : spec_.groups) {
    if (candidate.name == group) {
      return first;
    }
    first += candidate.count;
  }
  throw std::logic_error("no cores named " + group);
}

RunActivity Machine::run(const compute::TileProgram& program,
                         const std::vector<std::string>& resident,
                         const compute::Observer& observer, const memory::Leftover& leftover) {
  memory_.reset(tensor_numbers(program, resident), leftover);
  board_.reset(program.shared_flags);
  for (compute::Core& core : cores_) {
    core.reset();
  }
  std::vector<engine::Listener*> starters;
  for (const compute::CoreProgram& core : program.cores) {
    cores_.at(core.core).load(core, observer ? &observer : nullptr);
    starters.push_back(&cores_.at(core.core));
  }
  RunActivity activity;
  activity.elapsed = events_.run(starters);
  activity.events = events_.events();
  for (const compute::CoreProgram& core : program.cores) {
    if (!cores_[core.core].finished()) {
      throw std::logic_error("tile program stuck: " + cores_[core.core].stuck_at());
    }
    activity.cores.push_back(cores_[core.core].activity());
  }
  activity.port_busy = port_busy(program, activity.cores);
  activity.l2_bytes = memory_.l2_bytes();
  activity.l2_busy = memory_.l2_busy();
  activity.hbm_bytes = memory_.hbm().bytes();
  activity.hbm_busy = memory_.hbm().busy();
  activity.hbm_backlog = memory_.hbm().backlog(activity.elapsed);
  return activity;
}

std::size_t Machine::group_of(std::uint32_t core) const {
  std::uint32_t end = 0;
  for (std::size_t group = 0; group < spec_.groups.size(); ++group) {
    end += spec_.groups[group].count;
    if (core < end) {
      return group;
    }
  }
  throw std::logic_error("no core " + std::to_string(core));
}

std::string Machine::queue_name(std::uint32_t core, std::size_t queue) const {
  const CoreGroup& group = spec_.groups[group_of(core)];
  return group.name + std::to_string(core - first_core(group.name)) + "." +
         group.core.queues.at(queue).name;
}

engine::Ps Machine::port_busy(const compute::TileProgram& program,
                              const std::vector<compute::Activity>& cores) const {
  std::vector<engine::Ps> busy(spec_.groups.size(), 0);
  std::vector<std::int64_t> used(spec_.groups.size(), 0);
  for (std::size_t i = 0; i < cores.size(); ++i) {
    const std::size_t group = group_of(program.cores[i].core);
    busy[group] += cores[i].port_busy;
    ++used[group];
  }
  engine::Ps busiest = 0;
  for (std::size_t group = 0; group < busy.size(); ++group) {
    busiest = used[group] == 0 ? busiest : std::max(busiest, busy[group] / used[group]);
  }
  return busiest;
}

engine::Statistics Machine::statistics() const {
  engine::Statistics all = memory_.statistics();
  for (const compute::Core& core : cores_) {
    for (const engine::Statistic& statistic : core.statistics()) {
      all.push_back(statistic);
    }
  }
  return all;
}

}  // namespace reticle::chips
