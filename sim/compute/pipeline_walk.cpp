#include "sim/compute/pipeline_walk.h"

#include <algorithm>
#include <stdexcept>

#include "sim/compute/units.h"

namespace reticle::compute {

using engine::Ps;

namespace {

template <class Flags>
void make_known(Flags& flags, std::size_t index) {
  if (index >= flags.size()) {
    flags.resize(index + 1);
  }
}

Ps rounded(engine::Cycles cycles, double period_ps) {
  return static_cast<Ps>(static_cast<double>(cycles) * period_ps + 0.5);
}

}  // namespace

void PipelineWalk::add(const CoreSpec& spec, const CoreProgram& program,
                       const std::vector<std::size_t>& milestone) {
  first_flag_.push_back(private_.size());
  for (std::size_t q = 0; q < spec.queues.size(); ++q) {
    queues_.push_back({&spec.queues[q], &program.queues[q], milestone.empty() ? 0 : milestone[q],
                       1e12 / spec.clock_hz, first_flag_.size() - 1});
    expect(queues_.back(), static_cast<std::uint32_t>(queues_.size() - 1));
  }
}

// Counts what the queue will raise, and makes the flags it waits for known.
void PipelineWalk::expect(const Queue& queue, std::uint32_t number) {
  const auto known = [&](Flag flag) {
    if (flag < kSharedFlags) {
      make_known(private_, first_flag_.back() + flag);
    } else if (flag != kNoFlag) {
      make_known(shared_, flag - kSharedFlags);
    }
  };
  for (const Instruction& instruction : *queue.program) {
    for (const Wait& wait : instruction.waits) {
      known(wait.flag);
    }
    for (const Flag raised : instruction.raises) {
      known(raised);
      if (raised != kNoFlag) {
        ++by(flag(queue.core, raised), number).total;
      }
    }
  }
}

// The queue's raises of the flag.
PipelineWalk::Raises& PipelineWalk::by(Raises& flag, std::uint32_t queue) {
  Raises* one = &flag;
  while (one->total > 0 && one->queue != queue) {
    if (one->also == 0) {
      others_.emplace_back();
      // `one` may be among the others, which have moved.
      Raises* last = &flag;
      while (last->also != 0) {
        last = &others_[last->also - 1];
      }
      last->also = static_cast<std::uint32_t>(others_.size());
      one = &others_.back();
      break;
    }
    one = &others_[one->also - 1];
  }
  one->queue = queue;
  return *one;
}

void PipelineWalk::make_room() {
  std::uint32_t raises = 0;
  for (std::vector<Raises>* flags : {&private_, &shared_, &others_}) {
    for (Raises& one : *flags) {
      one.first = raises;
      raises += one.total;
    }
  }
  times_.resize(raises);
}

Ps PipelineWalk::run() {
  make_room();
  for (bool progress = true; progress;) {
    progress = false;
    for (std::uint32_t q = 0; q < queues_.size(); ++q) {
      while (step(q)) {
        progress = true;
      }
    }
  }
  Ps end = 0;
  for (const Queue& queue : queues_) {
    if (queue.next < queue.program->size()) {
      throw std::logic_error("tile program stuck: queue " + queue.spec->name + " step " +
                             std::to_string(queue.next));
    }
    end = std::max(end, queue.last_done);
  }
  return end;
}

bool PipelineWalk::step(std::uint32_t index) {
  Queue& queue = queues_[index];
  if (queue.next == queue.program->size()) {
    return false;
  }
  const Instruction& instruction = (*queue.program)[queue.next];
  const Ps ready = ready_at(queue.core, instruction);
  if (ready == kUnknown) {
    return false;
  }
  const Ps begin = std::max(ready, queue.free_at);
  const bool unit = queue.spec->kind == QueueKind::kUnit;
  const Ps done = unit ? occupy(queue, instruction, begin) : transfer(queue, instruction, begin);
  queue.last_done = std::max(queue.last_done, done);
  raise(index, instruction, queue.last_done);
  tally_.add(instruction);
  ++queue.next;
  if (queue.next == queue.milestone) {
    queue.at_milestone = queue.last_done;
  }
  return true;
}

void PipelineWalk::raise(std::uint32_t index, const Instruction& instruction, Ps done) {
  for (const Flag raised : instruction.raises) {
    if (raised != kNoFlag) {
      Raises& raises = by(flag(queues_[index].core, raised), index);
      times_[raises.first + raises.raised++] = done + (raised < kSharedFlags ? 0 : flag_latency_);
    }
  }
}

Ps PipelineWalk::ready_at(std::size_t core, const Instruction& instruction) {
  Ps ready = 0;
  for (const Wait& wait : instruction.waits) {
    if (wait.flag != kNoFlag) {
      const Ps met = reached(flag(core, wait.flag), wait.count);
      if (met == kUnknown) {
        return kUnknown;
      }
      ready = std::max(ready, met);
    }
  }
  return ready;
}

// Several queues raise a flag in step, each its share of the count; a count beyond what is raised
// here is made up by other cores meanwhile.
Ps PipelineWalk::reached(const Raises& flag, std::uint32_t count) const {
  if (flag.also == 0) {
    const std::uint32_t wanted = std::min(count, flag.total);
    return wanted == 0 ? 0 : wanted > flag.raised ? kUnknown : times_[flag.first + wanted - 1];
  }
  std::uint64_t total = 0;
  for (const Raises* one = &flag; one != nullptr; one = next(*one)) {
    total += one->total;
  }
  const std::uint64_t wanted = std::min<std::uint64_t>(count, total);
  Ps reached = 0;
  for (const Raises* one = &flag; one != nullptr; one = next(*one)) {
    const std::uint64_t share = (wanted * one->total + total - 1) / total;
    if (share > one->raised) {
      return kUnknown;
    }
    reached = share == 0 ? reached : std::max(reached, times_[one->first + share - 1]);
  }
  return reached;
}

// As Core::occupy.
Ps PipelineWalk::occupy(Queue& queue, const Instruction& instruction, Ps begin) {
  if (queue.free_at < begin) {
    queue.since = begin;
    queue.cycles = 0;
  }
  queue.cycles += instruction.cycles;
  queue.free_at = queue.since + rounded(queue.cycles, queue.period_ps);
  return queue.free_at;
}

Ps PipelineWalk::transfer(Queue& queue, const Instruction& instruction, Ps begin) {
  static const memory::TensorTraffic kInside;
  const QueueSpec& spec = *queue.spec;
  const double port = transfer_bandwidth(spec, instruction, 1e12 / queue.period_ps);
  const memory::FairMemory::Request request = {begin, instruction.bytes, port, spec.pipelined};
  const std::uint32_t tensor = memory::tensor_of(instruction.key);
  const memory::FairMemory::Service service =
      spec.kind == QueueKind::kStore
          ? memory_.write(request)
          : memory_.read(request, tensor < traffic_.size() ? traffic_[tensor] : kInside);
  queue.busy += engine::transfer_ps(instruction.bytes, port);
  queue.free_at = std::max(service.port_free, begin + rounded(spec.issue, queue.period_ps));
  return service.done + rounded(spec.start_up, queue.period_ps);
}

Ps PipelineWalk::end_of_milestone() const {
  Ps end = 0;
  for (const Queue& queue : queues_) {
    end = std::max(end, queue.at_milestone);
  }
  return end;
}

std::uint64_t PipelineWalk::instructions() const {
  std::uint64_t sum = 0;
  for (const Queue& queue : queues_) {
    sum += queue.next;
  }
  return sum;
}

Activity PipelineWalk::activity() const {
  Activity activity = tally_.activity();
  for (const Queue& queue : queues_) {
    if (queue.spec->kind != QueueKind::kUnit) {
      activity.port_busy = std::max(activity.port_busy, queue.busy);
    }
  }
  return activity;
}

}  // namespace reticle::compute
