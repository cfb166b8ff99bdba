#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reticle::fabric {

// Something flows share: a port, an uplink. Capacity in B/s.
struct Resource {
  std::string name;
  double capacity = 0;
};

// A flow's load on a resource: bytes through the resource per byte of one flow.
struct Use {
  std::size_t resource = 0;
  double weight = 1;
};

// `count` identical flows that start at time zero. Identical flows share identically, so a class is
// exact, not an approximation.
struct FlowClass {
  double bytes = 0;  // of one flow
  double count = 1;
  std::vector<Use> uses;
  std::optional<double> cap;  // B/s, most one flow reaches
};

// What one flow of a class gets: its rate (B/s) and the resource that limits it; none: its own cap.
struct Share {
  double rate = 0;
  std::optional<std::size_t> bound;
};

// Rates between two completions; index is the class.
struct Interval {
  double seconds = 0;
  std::vector<Share> shares;
};

struct ClassOutcome {
  std::int64_t finish_ps = 0;
  std::optional<std::size_t> bound;  // what limited it when it finished; none: its own cap
};

struct ResourceLoad {
  double bytes = 0;
  std::int64_t busy_ps = 0;  // bytes over capacity: never more than the whole time
};

struct Outcome {
  std::int64_t finish_ps = 0;
  std::optional<std::size_t>
      last;  // class that finishes last (the first of equals); none: no bytes
  std::vector<ClassOutcome> classes;
  std::vector<ResourceLoad> resources;
  std::vector<Interval> intervals;
};

// Max-min fair rates by progressive filling (Bertsekas and Gallager, Data Networks, 6.5.2): all
// flows rise together, and a flow stops when a resource it uses is full or at its cap. Classes
// without bytes get no rate. Throws std::logic_error for a capacity, cap or weight that is not
// positive, an unknown resource, or a class with bytes that nothing limits.
std::vector<Share> fair_shares(const std::vector<Resource>& resources,
                               const std::vector<FlowClass>& classes);

// Whether Outcome.intervals is filled: with many classes and ends it is by far the largest part.
enum class History { kKeep, kDrop };

// Runs all flows to their end, sharing anew at each completion. Throws std::logic_error should a
// resource ever be given more than its rate. The result does not depend on the
// order of the classes, to the last bit.
Outcome run_flows(const std::vector<Resource>& resources, const std::vector<FlowClass>& classes,
                  History history = History::kKeep);

}  // namespace reticle::fabric
