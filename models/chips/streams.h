#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "schema/kernel.pb.h"
#include "sim/engine/time.h"

namespace reticle::chips {

// A task takes so many times its time alone if its requests wait so much longer.
struct Stretch {
  engine::Ps wait = 0;
  double times = 1;
};

// What a task asks of a chip-wide resource while it runs alone.
struct Demand {
  std::size_t resource = 0;
  double share = 0;                   // of its time that the resource is busy with it (0..1)
  engine::Ps backlog = 0;             // mean work that it keeps waiting there
  std::vector<Stretch> stretch = {};  // what waiting costs it, by wait; empty: not known
};

// A kernel or transfer on a stream. Streams run their tasks in order; tasks of different streams
// run together and share resources.
struct StreamTask {
  std::size_t stream = 0;
  std::vector<std::size_t> after;  // tasks that must have ended
  engine::Ps lead = 0;             // launch: occupies the stream and nothing else
  engine::Ps alone = 0;            // duration without contention
  Resource bound_by = RESOURCE_LATENCY;
  std::vector<Demand> demands;
  bool meets = false;  // waits after its lead for partners on other chips (StreamRun::release)
  // Share of the cores it works on. They are given out in order of start: a later task gets what is
  // left, and runs as much slower, or not yet, until an earlier one ends. 0: none, or `demands`
  // say.
  double cores = 0;
};

struct TaskSpan {
  engine::Ps issue = 0;  // dependencies and stream ready: the lead begins
  engine::Ps start = 0;
  engine::Ps end = 0;
  // Where its time went: the resource that held it back while it ran, or what bounds it alone.
  std::vector<engine::Ps> held_by;  // by Resource
  std::ptrdiff_t waited_for = -1;   // task whose end let it issue; -1: none
};

// Runs tasks of one chip, none of which `meets`, on `resources` (what each index of Demand is, for
// reports), all of capacity 1. Resources are shared max-min fairly: a task whose resources are
// crowded slows down, nothing is simulated again. Where tasks say what waiting costs them, they
// wait for each other in order of arrival instead (models/chips/waiting.h). Time and order are
// exact and deterministic. Time is rounded up to whole picoseconds. Throws std::logic_error, naming
// a task, if tasks wait for each other (a stream's order counts).
std::vector<TaskSpan> run_streams(const std::vector<StreamTask>& tasks,
                                  const std::vector<Resource>& resources);

// Tasks on the critical path, first to last: from the last end back through what each waited for.
std::vector<std::size_t> critical_path(const std::vector<TaskSpan>& spans);

}  // namespace reticle::chips
