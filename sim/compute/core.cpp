#include "sim/compute/core.h"

#include <algorithm>
#include <stdexcept>

namespace reticle::compute {

using engine::Ps;

namespace {

// Tokens: queue and what happened. A queue's instructions finish in order, so no index is needed
// for the port; completions carry the instruction's index.
constexpr std::uint64_t kPortFree = std::uint64_t{1} << 62;

std::uint64_t completion(std::size_t queue, std::size_t index) {
  return (std::uint64_t{queue} << 48) | index;
}

Flag local_flags(const CoreProgram& program) {
  Flag most = 0;
  for (const auto& queue : program.queues) {
    for (const Instruction& instruction : queue) {
      for (const Flag flag : instruction.raises) {
        most = flag < kSharedFlags ? std::max(most, flag + 1) : most;
      }
      for (const Wait& wait : instruction.waits) {
        most = wait.flag < kSharedFlags ? std::max(most, wait.flag + 1) : most;
      }
    }
  }
  return most;
}

}  // namespace

Core::Core(const sc_core::sc_module_name& name, const CoreSpec& spec, std::uint32_t rank,
           engine::EventQueue& events, FlagBoard& board)
    : sc_module(name),
      socket("socket"),
      events_(events),
      board_(board),
      clock_(spec.clock_hz),
      rank_(rank),
      busy_(Resource_ARRAYSIZE, 0),
      operations_(Resource_ARRAYSIZE, 0) {
  for (const QueueSpec& queue : spec.queues) {
    queues_.push_back({queue});
  }
  payload_.set_extension(&access_);
}

// The payload would otherwise delete its extension, which is a member.
Core::~Core() { payload_.clear_extension(&access_); }

void Core::load(const CoreProgram& program, const Observer* observer) {
  if (program.queues.size() != queues_.size()) {
    throw std::logic_error("program has another number of queues than the core");
  }
  reset();
  for (std::size_t q = 0; q < queues_.size(); ++q) {
    queues_[q].program = &program.queues[q];
  }
  observer_ = observer;
  flags_.assign(local_flags(program), 0);
}

void Core::reset() {
  for (Queue& queue : queues_) {
    queue = {queue.spec};
  }
  std::fill(busy_.begin(), busy_.end(), 0);
  std::fill(operations_.begin(), operations_.end(), 0.0);
  local_bytes_ = 0;
  observer_ = nullptr;
}

void Core::set_spec(const CoreSpec& spec) {
  if (spec.queues.size() != queues_.size()) {
    throw std::logic_error("spec has another number of queues than the core");
  }
  clock_ = engine::ClockDomain(spec.clock_hz);
  for (std::size_t q = 0; q < queues_.size(); ++q) {
    queues_[q] = {spec.queues[q]};
  }
}

void Core::on_event(std::uint64_t token) {
  if (token != engine::kStartToken && (token & kPortFree) == 0) {
    Queue& queue = queues_[token >> 48];
    --queue.pending;
    raise((*queue.program)[token & 0xFFFFFFFFFFFFULL]);
  }
  issue_all();
}

void Core::issue_all() {
  for (std::size_t q = 0; q < queues_.size(); ++q) {
    issue(q);
  }
}

void Core::issue(std::size_t index) {
  Queue& queue = queues_[index];
  while (queue.program != nullptr && queue.next < queue.program->size() &&
         (queue.spec.kind == QueueKind::kUnit || queue.free_at <= events_.now())) {
    const Instruction& instruction = (*queue.program)[queue.next];
    if (!ready(instruction)) {
      return;
    }
    const Ps begin = std::max(queue.free_at, events_.now());
    const Ps done = start(queue, instruction);
    if (observer_ != nullptr) {
      (*observer_)(rank_, index, begin, queue.free_at, instruction);
    }
    account(instruction);
    events_.schedule(done, rank_, *this, completion(index, queue.next));
    ++queue.pending;
    ++queue.next;
    if (queue.spec.kind != QueueKind::kUnit && queue.free_at > events_.now() &&
        queue.next < queue.program->size()) {
      events_.schedule(queue.free_at, rank_, *this, kPortFree);
    }
  }
}

bool Core::ready(const Instruction& instruction) {
  for (const Wait& wait : instruction.waits) {
    if (wait.flag == kNoFlag) {
      continue;
    }
    if (wait.flag < kSharedFlags) {
      if (flags_[wait.flag] < wait.count) {
        return false;
      }
    } else if (board_.count(wait.flag) < wait.count) {
      board_.watch(wait.flag, *this);
      return false;
    }
  }
  return true;
}

// Returns when the instruction's effects are visible; leaves in `free_at` when the next may start.
Ps Core::start(Queue& queue, const Instruction& instruction) {
  if (queue.spec.kind != QueueKind::kUnit) {
    return transfer(queue, instruction);
  }
  if (queue.free_at < events_.now()) {  // was idle
    queue.since = events_.now();
    queue.cycles = 0;
  }
  queue.cycles += instruction.cycles;
  const Ps began = std::max(queue.free_at, events_.now());
  queue.free_at = queue.since + clock_.to_ps(queue.cycles);
  queue.busy += queue.free_at - began;
  return queue.free_at;
}

Ps Core::transfer(Queue& queue, const Instruction& instruction) {
  const bool store = queue.spec.kind == QueueKind::kStore;
  access_.key = instruction.key;
  access_.port_bandwidth = queue.spec.port_bandwidth;
  access_.pipelined = queue.spec.pipelined;
  payload_.set_command(store ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
  payload_.set_data_length(instruction.bytes);
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  socket->b_transport(payload_, delay);
  queue.busy += engine::transfer_ps(instruction.bytes, queue.spec.port_bandwidth);
  queue.free_at = std::max(access_.port_free, events_.now() + clock_.to_ps(queue.spec.issue));
  const Ps done =
      events_.now() + static_cast<Ps>(delay.value()) + clock_.to_ps(queue.spec.start_up);
  queue.last_done =
      std::max(queue.last_done, done);  // a queue completes in order, as a hit behind a miss
  return queue.last_done;
}

void Core::account(const Instruction& instruction) {
  for (const Use& use : instruction.uses) {
    busy_[static_cast<std::size_t>(use.resource)] += use.cycles;
  }
  operations_[static_cast<std::size_t>(instruction.uses[0].resource)] += instruction.operations;
  local_bytes_ += instruction.local_bytes;
}

void Core::raise(const Instruction& instruction) {
  for (const Flag flag : instruction.raises) {
    if (flag == kNoFlag) {
      continue;
    }
    if (flag < kSharedFlags) {
      ++flags_[flag];
    } else {
      board_.raise(flag);
    }
  }
}

bool Core::finished() const {
  return std::all_of(queues_.begin(), queues_.end(), [](const Queue& queue) {
    return queue.pending == 0 && (queue.program == nullptr || queue.next == queue.program->size());
  });
}

std::string Core::stuck_at() const {
  for (const Queue& queue : queues_) {
    if (queue.program != nullptr && queue.next < queue.program->size()) {
      return std::string(name()) + "." + queue.spec.name + " step " + std::to_string(queue.next) +
             " of " + std::to_string(queue.program->size());
    }
  }
  return "";
}

Activity Core::activity() const {
  Activity activity;
  for (std::size_t r = 0; r < busy_.size(); ++r) {
    if (busy_[r] > 0) {
      activity.busy[static_cast<Resource>(r)] = busy_[r];
    }
    if (operations_[r] > 0) {
      activity.operations[static_cast<Resource>(r)] = operations_[r];
    }
  }
  activity.local_bytes = local_bytes_;
  for (const Queue& queue : queues_) {
    if (queue.spec.kind != QueueKind::kUnit) {
      activity.port_busy = std::max(activity.port_busy, queue.busy);
    }
  }
  return activity;
}

engine::Statistics Core::statistics() const {
  engine::Statistics all;
  for (const Queue& queue : queues_) {
    all.push_back({std::string(name()) + "." + queue.spec.name + ".busy", "ps",
                   "Busy time of the queue", static_cast<double>(queue.busy)});
  }
  return all;
}

}  // namespace reticle::compute
