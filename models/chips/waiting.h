#pragma once

#include <cstddef>
#include <vector>

#include "models/chips/streams.h"

namespace reticle::chips {

// A task that runs beside others.
struct Waiter {
  const std::vector<Demand>* demands = nullptr;
  double most = 1;  // of its speed alone: what it gets of what is not queued for
};

// Whether requests of these tasks queue before a resource: at least two use it, and one says what
// waiting costs it.
bool queued(const std::vector<Waiter>& waiters, std::size_t resource);

// Speeds of tasks, of their speed alone, before a resource that serves requests in order of
// arrival. A request finds before it what the tasks keep waiting there: each what it keeps alone,
// for longer the less the others leave of the resource to work it off. If more is asked for than
// there is, all wait as long as it takes until it is not, so that bytes go out as requests are in
// flight. A task's own requests are in its time alone already.
std::vector<double> speeds_in_queue(const std::vector<Waiter>& waiters, std::size_t resource);

// What a task takes, in multiples of its time alone, if its requests wait longer, so many
// picoseconds in the mean. Between the points of `stretch` time goes on straight lines, after the
// last at least as that of a task which keeps no more in flight than hides that wait. Waits are
// distributed exponentially, as in crowded queues (Kingman 1961): some are long though the mean is
// hidden.
double times_at(const std::vector<Stretch>& stretch, double mean_wait_ps);

}  // namespace reticle::chips
