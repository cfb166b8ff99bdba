#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "models/chips/streams.h"
#include "models/chips/waiting.h"
#include "sim/fabric/max_min.h"

namespace reticle::chips {

// The streams of one chip, from end to end of a task: run_streams for a chip alone, models/systems'
// joint run for chips whose tasks meet.
class StreamRun {
 public:
  static constexpr engine::Ps kNever = std::numeric_limits<engine::Ps>::max();

  // Keeps the pointers. `resources` as in run_streams; `history` fills held_by and waited_for of
  // the spans, which are large.
  StreamRun(std::vector<const StreamTask*> tasks, const std::vector<Resource>& resources,
            bool history);

  // When the next lead or task ends; kNever: all wait for others, or all is done.
  engine::Ps next() const { return next_; }
  engine::Ps now() const { return now_; }

  // Moves on to `to`, at most next(). Tasks with `meets` whose lead ended then are added to
  // `arrived`: their streams wait for release().
  void advance(engine::Ps to, std::vector<std::size_t>& arrived);

  // Starts the body of a task that has arrived: time and demands of `body`, which is kept too.
  void release(std::size_t task, const StreamTask& body);

  const std::vector<TaskSpan>& spans() const { return spans_; }

  // std::logic_error, naming a task, unless all have ended.
  void require_done() const;

 private:
  enum class Phase { kLead, kBody };
  struct Running {
    std::size_t task;
    Phase phase;
    double left;  // ps of uncontended work
    fabric::Share share;
    double cores = 1;  // what it got over what it wants
  };

  void issue();
  std::ptrdiff_t latest(std::size_t task, std::size_t stream) const;
  void share();
  void expect();
  bool give_out_cores();
  void find_queues();
  bool crowded();
  void share_fairly();
  void wait_in_queues();
  void hold(const Running& one, engine::Ps duration);
  void finish(std::vector<std::size_t>& arrived);
  void end(std::size_t task);

  std::vector<const StreamTask*> tasks_;
  std::vector<const StreamTask*> bodies_;
  const std::vector<Resource>& kinds_;
  bool history_;
  std::vector<fabric::Resource> shared_;
  std::vector<TaskSpan> spans_;
  std::vector<bool> done_;
  std::vector<std::vector<std::size_t>> queues_;
  std::vector<std::size_t> next_task_;  // by stream
  std::vector<bool> busy_;
  std::vector<std::ptrdiff_t> last_;
  std::vector<Running> running_;
  std::vector<double> wanted_;          // of each resource
  std::vector<Waiter> waiters_;         // bodies that run
  std::vector<std::size_t> queues_of_;  // resources that they queue for
  std::vector<bool> queued_;
  engine::Ps now_ = 0;
  engine::Ps next_ = kNever;
};

}  // namespace reticle::chips
