#include "sim/compute/core.h"

#include <algorithm>
#include <stdexcept>

namespace reticle::compute {

using engine::Ps;

namespace {

// Tokens: a queue's next request is due; or an instruction ends whose flags several queues raise.
constexpr std::uint64_t kRaise = std::uint64_t{1} << 62;

std::uint64_t raise_token(std::size_t queue, std::size_t index) {
  return kRaise | (std::uint64_t{queue} << 48) | index;
}

}  // namespace

double transfer_bandwidth(const QueueSpec& queue, const Instruction& instruction, double clock_hz) {
  if (instruction.cycles == 0) {
    return queue.port_bandwidth;
  }
  const double own = static_cast<double>(instruction.bytes) * clock_hz / instruction.cycles;
  return std::min(queue.port_bandwidth, own);
}

Core::Core(const sc_core::sc_module_name& name, const CoreSpec& spec, std::uint32_t rank,
           engine::EventQueue& events, FlagBoard& board)
    : sc_module(name),
      socket("socket"),
      events_(events),
      board_(board),
      clock_(spec.clock_hz),
      rank_(rank) {
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
  flags_.load(program);
}

void Core::reset() {
  for (Queue& queue : queues_) {
    queue = {queue.spec};
  }
  tally_ = {};
  end_ = 0;
  to_look_at_ = 0;
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
  if (token == engine::kStartToken) {
    issue_all();
    return;
  }
  const std::size_t index = (token & ~kRaise) >> 48;
  Queue& queue = queues_[index];
  if ((token & kRaise) != 0) {
    raise_of_several((*queue.program)[token & 0xFFFFFFFFFFFFULL]);
    issue(0);
  } else {
    queue.asked = false;
    start(index, events_.now());
    issue(1U << index);
  }
}

void Core::issue_all() { issue((1U << queues_.size()) - 1); }

// Goes on with these queues, and with those they set free, as far as instants are known.
void Core::issue(std::uint32_t queues) {
  to_look_at_ |= queues;
  for (std::size_t index = 0; to_look_at_ != 0; index = (index + 1) % queues_.size()) {
    const std::uint32_t bit = 1U << index;
    if ((to_look_at_ & bit) != 0) {
      to_look_at_ &= ~bit;
      while (step(index)) {
      }
    }
  }
}

// Starts the queue's next instruction, or asks to be woken when a request is due.
bool Core::step(std::size_t index) {
  Queue& queue = queues_[index];
  if (queue.asked || queue.ended()) {
    return false;
  }
  const Ps ready = ready_at(index, (*queue.program)[queue.next]);
  if (ready == kUnknown) {
    return false;
  }
  const Ps begin = std::max(ready, queue.free_at);
  if (queue.spec.kind != QueueKind::kUnit && begin > events_.now()) {
    events_.schedule(begin, rank_, *this, std::uint64_t{index} << 48);
    queue.asked = true;
    return false;
  }
  start(index, begin);
  return true;
}

// When all waits are met: not before now, as what was missing until now cannot have been earlier.
Ps Core::ready_at(std::size_t queue, const Instruction& instruction) {
  Ps ready = events_.now();
  for (const Wait& wait : instruction.waits) {
    if (wait.flag == kNoFlag) {
      continue;
    }
    if (wait.flag >= kSharedFlags) {
      if (board_.count(wait.flag) < wait.count) {
        board_.watch(wait.flag, *this);
        return kUnknown;
      }
      continue;
    }
    const Ps met = flags_.when(wait);
    if (met == kUnknown) {
      flags_.watch(wait.flag, queue);
      return kUnknown;
    }
    ready = std::max(ready, met);
  }
  return ready;
}

void Core::start(std::size_t index, Ps begin) {
  Queue& queue = queues_[index];
  const Instruction& instruction = (*queue.program)[queue.next];
  const bool unit = queue.spec.kind == QueueKind::kUnit;
  const Ps done = unit ? occupy(queue, instruction, begin) : transfer(queue, instruction);
  if (observer_ != nullptr) {
    (*observer_)(rank_, index, begin, queue.free_at, instruction);
  }
  tally_.add(instruction);
  end_ = std::max(end_, done);
  events_.occupy_until(done);
  raise(index, instruction, done);
  ++queue.next;
}

// Returns when the instruction ends, which is when the next may start.
Ps Core::occupy(Queue& queue, const Instruction& instruction, Ps begin) {
  if (queue.free_at < begin) {  // was idle
    queue.since = begin;
    queue.cycles = 0;
  }
  queue.cycles += instruction.cycles;
  queue.free_at = queue.since + clock_.to_ps(queue.cycles);
  queue.busy += queue.free_at - begin;
  return queue.free_at;
}

// Returns when the data are there; leaves in `free_at` when the next request may start.
Ps Core::transfer(Queue& queue, const Instruction& instruction) {
  if (instruction.bytes == 0) {  // a pause of the warp that issues
    queue.free_at = events_.now() + clock_.to_ps(instruction.cycles);
    return queue.last_done = std::max(queue.last_done, queue.free_at);
  }
  const bool store = queue.spec.kind == QueueKind::kStore;
  access_.key = instruction.key;
  access_.port_bandwidth = transfer_bandwidth(queue.spec, instruction, clock_.hz());
  access_.pipelined = queue.spec.pipelined;
  payload_.set_command(store ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
  payload_.set_data_length(instruction.bytes);
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  socket->b_transport(payload_, delay);
  queue.busy += engine::transfer_ps(instruction.bytes, access_.port_bandwidth);
  queue.free_at = std::max(access_.port_free, events_.now() + clock_.to_ps(queue.spec.issue));
  const Ps done =
      events_.now() + static_cast<Ps>(delay.value()) + clock_.to_ps(queue.spec.start_up);
  queue.last_done =
      std::max(queue.last_done, done);  // a queue completes in order, as a hit behind a miss
  return queue.last_done;
}

void Core::raise(std::size_t index, const Instruction& instruction, Ps done) {
  bool later = false;
  for (const Flag flag : instruction.raises) {
    if (flag == kNoFlag) {
      continue;
    }
    if (flag >= kSharedFlags) {
      board_.raise(flag, done);
    } else if (flags_.raised_by_several(flag)) {
      later = true;
    } else {
      to_look_at_ |= flags_.raise(flag, done);
    }
  }
  if (later) {
    events_.schedule(done, rank_, *this, raise_token(index, queues_[index].next));
  }
}

void Core::raise_of_several(const Instruction& instruction) {
  for (const Flag flag : instruction.raises) {
    if (flag < kSharedFlags && flags_.raised_by_several(flag)) {
      to_look_at_ |= flags_.raise(flag, events_.now());
    }
  }
}

bool Core::finished() const {
  return std::all_of(queues_.begin(), queues_.end(),
                     [](const Queue& queue) { return queue.ended(); });
}

std::string Core::stuck_at() const {
  for (const Queue& queue : queues_) {
    if (!queue.ended()) {
      return std::string(name()) + "." + queue.spec.name + " step " + std::to_string(queue.next) +
             " of " + std::to_string(queue.program->size());
    }
  }
  return "";
}

Activity Core::activity() const {
  Activity activity = tally_.activity();
  activity.end = end_;
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
