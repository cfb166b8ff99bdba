#include "workloads/traces/launch_graph.h"

#include <catch2/catch.hpp>

#include "tests/workloads/traces/support.h"
#include "workloads/traces/kineto_reader.h"

namespace reticle::traces {
namespace {

class Graph {
 public:
  Graph() : recording(read_kineto(test::sample())), graph(launch_graph(recording)) {}

  // The n-th task whose name has that part.
  std::uint32_t task(const std::string& part, int n = 0) const {
    for (std::uint32_t i = 0; i < graph.tasks.size(); ++i) {
      if (recording.name(graph.tasks[i].slice).find(part) != std::string::npos && n-- == 0) {
        return i;
      }
    }
    return kNone;
  }
  std::vector<std::uint32_t> waits(std::uint32_t i) const {
    const LaunchTask& t = graph.tasks[i];
    return {graph.waits.begin() + t.first_wait, graph.waits.begin() + t.first_wait + t.waits};
  }

  Recording recording;
  LaunchGraph graph;
};

}  // namespace

TEST_CASE("kernels are tied to their launches and their streams") {
  const Graph g;
  CHECK(g.graph.lanes.size() == 3);
  CHECK(g.graph.unlaunched == 0);
  CHECK(g.graph.tasks[g.task("dispatch")].launch == g.task("cudaLaunchKernel", 1));
  CHECK(g.graph.tasks[g.task("combine")].before == g.task("dispatch"));
  CHECK(g.graph.tasks[g.task("gemm", 1)].before == g.task("elementwise"));
}

TEST_CASE("waits between streams follow from the order of launches and starts") {
  const Graph g;
  CHECK(g.graph.event_waits == 2);
  CHECK(g.waits(g.task("dispatch")) == std::vector<std::uint32_t>{g.task("gemm")});
  CHECK(g.waits(g.task("gemm", 1)) == std::vector<std::uint32_t>{g.task("dispatch")});
}

TEST_CASE("a synchronising call waits for the last kernel of every stream") {
  const Graph g;
  const std::uint32_t sync = g.task("Synchronize");
  CHECK(g.graph.tasks[sync].synchronises);
  CHECK(g.waits(sync) == std::vector<std::uint32_t>{g.task("gemm", 1), g.task("combine")});
  CHECK(sync + 1 == g.graph.tasks.size());
}

TEST_CASE("durations of kernels are no input to the graph") {
  Graph g;
  for (std::size_t i = 0; i < g.recording.slices.size(); ++i) {
    if (on_device(g.recording.slices.category[i])) {
      g.recording.slices.duration_ps[i] = static_cast<std::int64_t>(i) * 1000;
    }
  }
  const LaunchGraph other = launch_graph(g.recording);
  CHECK(other.waits == g.graph.waits);
}

}  // namespace reticle::traces
