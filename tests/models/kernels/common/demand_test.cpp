#include "models/kernels/demand.h"

#include <catch2/catch.hpp>

using namespace reticle;
using namespace reticle::kernels;

namespace {

KernelKey key() {
  KernelKey key;
  Energy& energy = *key.mutable_chip()->mutable_energy();
  MatrixEnergy& matrix = *energy.add_matrix();
  matrix.set_dtype(DTYPE_FP8);
  matrix.set_op(0.5);
  energy.set_vector_op(3);
  energy.set_local_byte(5);
  energy.set_l2_byte(7);
  energy.set_hbm_byte(11);
  key.mutable_cores()->set_matrix(2);
  key.mutable_cores()->set_vector(4);
  key.set_clock_hz(1e9);
  return key;
}

chips::RunActivity activity() {
  compute::Activity core;
  core.busy = {{RESOURCE_TENSOR, 300}, {RESOURCE_VECTOR, 200}, {RESOURCE_SFU, 40}};
  core.operations = {{RESOURCE_TENSOR, 1000}, {RESOURCE_VECTOR, 100}, {RESOURCE_SFU, 10}};
  core.local_bytes = 50;
  core.port_busy = 1;  // what the machine made of it counts
  chips::RunActivity run;
  run.elapsed = 1000000;
  run.cores = {core, core};
  run.port_busy = 100000;
  run.l2_bytes = 600;
  run.l2_busy = 250000;
  run.hbm_bytes = 400;
  run.hbm_busy = 200000;
  run.events = 77;
  return run;
}

compute::TileProgram program(Dtype dtype = DTYPE_FP8_BLOCK) {
  compute::TileProgram program;
  program.matrix_dtype = dtype;
  program.operations = 1234;
  program.variant = "tiling";
  return program;
}

const ResourceUse& use(const DemandVector& demand, Resource resource) {
  for (const ResourceUse& use : demand.use()) {
    if (use.resource() == resource) {
      return use;
    }
  }
  FAIL("no use of " << Resource_Name(resource));
  throw 0;
}

std::map<std::string, double> energies(const DemandVector& demand) {
  std::map<std::string, double> all;
  for (const ComponentEnergy& energy : demand.energy()) {
    all[energy.component()] = energy.joules();
  }
  return all;
}

Resource bound(engine::Ps elapsed, engine::Ps l2, engine::Ps hbm) {
  chips::RunActivity run;
  run.elapsed = elapsed;
  run.cores.resize(1);
  run.l2_busy = l2;
  run.hbm_busy = hbm;
  return demand_of(program(), run, key()).bound_by();
}

Tensor tensor(const char* name, double bytes, bool output = false) { return {name, bytes, output}; }

L2State state(L2Start start, const std::vector<std::string>& resident = {}) {
  L2State state;
  state.set_start(start);
  for (const std::string& name : resident) {
    state.add_resident(name);
  }
  return state;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("padding burns nothing in the matrix unit, and nothing else changes") {
  DemandVector demand = demand_of(program(), activity(), key());
  const std::map<std::string, double> all = energies(demand);
  demand.set_operations(2000);  // as many as were done
  drop_padding(demand);
  CHECK(energies(demand) == all);
  demand.set_operations(1999);
  drop_padding(demand);
  std::map<std::string, double> fewer = all;
  fewer["matrix"] *= 1999.0 / 2000;
  CHECK(energies(demand).at("matrix") == Approx(fewer.at("matrix")));
  fewer["matrix"] = energies(demand).at("matrix");
  CHECK(energies(demand) == fewer);
}

TEST_CASE("busy times are averaged over the cores allotted") {
  const DemandVector demand = demand_of(program(), activity(), key());
  CHECK(demand.time_ps() == 1000000);
  CHECK(use(demand, RESOURCE_TENSOR).busy_ps() == 600 / 2 * 1000);  // two matrix cores
  CHECK(use(demand, RESOURCE_TENSOR).amount() == 2000);
  CHECK(use(demand, RESOURCE_VECTOR).busy_ps() == 400 / 4 * 1000);  // four vector cores
  CHECK(use(demand, RESOURCE_SFU).busy_ps() == 80 / 4 * 1000);
  CHECK(use(demand, RESOURCE_L2).busy_ps() == 250000);
  CHECK(use(demand, RESOURCE_L2).amount() == 600);
  CHECK(use(demand, RESOURCE_HBM).amount() == 400);
  CHECK(use(demand, RESOURCE_NOC).busy_ps() == 100000);
  CHECK(demand.use_size() == 6);  // what is not used is not listed
  CHECK(demand.operations() == 1234);
  CHECK(demand.events() == 77);
  CHECK(demand.kernels() == 1);
}

TEST_CASE("energy is activity times energy of one, part by part") {
  CHECK(energies(demand_of(program(), activity(), key())) ==
        std::map<std::string, double>{{"matrix", 2000 * 0.5},  // fp8_block multiplies as fp8
                                      {"vector", 220 * 3.0},
                                      {"local", 100 * 5.0},
                                      {"l2", 600 * 7.0},
                                      {"hbm", 400 * 11.0}});
}

TEST_CASE("what binds is the busiest, if busy at least half of the time") {
  CHECK(bound(1000, 499, 300) == RESOURCE_LATENCY);
  CHECK(bound(1000, 500, 300) == RESOURCE_L2);
  CHECK(bound(1001, 500, 300) == RESOURCE_LATENCY);
  CHECK(bound(1001, 501, 300) == RESOURCE_L2);
  CHECK(bound(1000, 700, 701) == RESOURCE_HBM);
  CHECK(bound(1000, 700, 700) == RESOURCE_L2);  // of equals the first
}

TEST_CASE("kernels of one operator add up, and lists stay sorted") {
  DemandVector demand;
  demand.set_time_ps(100);
  demand.set_events(5);
  demand.set_kernels(1);
  demand.set_operations(9);
  ResourceUse* hbm = demand.add_use();
  hbm->set_resource(RESOURCE_HBM);
  hbm->set_busy_ps(90);
  hbm->set_amount(10);
  demand.add_energy()->set_component("matrix");
  DemandVector first = demand_of(program(), activity(), key());
  append(demand, first);
  CHECK(demand.time_ps() == 1000100);
  CHECK(demand.events() == 82);
  CHECK(demand.kernels() == 2);
  CHECK(demand.operations() == 9 + first.operations());
  CHECK(use(demand, RESOURCE_HBM).busy_ps() == 200090);
  CHECK(use(demand, RESOURCE_HBM).amount() == 410);
  CHECK(energies(demand) == energies(first));
  REQUIRE(demand.use_size() == first.use_size());
  for (int i = 1; i < demand.use_size(); ++i) {
    CHECK(demand.use(i - 1).resource() < demand.use(i).resource());
  }
  for (int i = 1; i < demand.energy_size(); ++i) {
    CHECK(demand.energy(i - 1).component() < demand.energy(i).component());
  }
}

TEST_CASE("what waits in memory is averaged over the time of both kernels") {
  const auto kernel = [](std::int64_t ps, const std::vector<std::pair<Resource, int>>& backlogs) {
    DemandVector one;
    one.set_time_ps(ps);
    for (const auto& [resource, backlog] : backlogs) {
      one.add_use()->set_resource(resource);
      one.mutable_use()->rbegin()->set_backlog_ps(backlog);
    }
    return one;
  };
  DemandVector demand = kernel(100, {{RESOURCE_HBM, 40}, {RESOURCE_NOC, 8}});
  append(demand, kernel(300, {{RESOURCE_L2, 20}, {RESOURCE_HBM, 80}}));
  CHECK(use(demand, RESOURCE_HBM).backlog_ps() == 70);
  CHECK(use(demand, RESOURCE_L2).backlog_ps() == 15);
  CHECK(use(demand, RESOURCE_NOC).backlog_ps() == 2);
}

TEST_CASE("what waiting costs is taken over in proportion to the time") {
  DemandVector fast;
  fast.set_time_ps(1000);
  fast.add_use()->set_resource(RESOURCE_HBM);
  WaitResponse& response = *fast.mutable_use(0)->add_response();
  response.set_wait_ps(500);
  response.set_time_ps(1500);
  DemandVector cycle;
  cycle.set_time_ps(2000);
  cycle.add_use()->set_resource(RESOURCE_L2);
  cycle.add_use()->set_resource(RESOURCE_HBM);
  take_response(cycle, fast);
  CHECK(cycle.use(0).response_size() == 0);
  REQUIRE(cycle.use(1).response_size() == 1);
  CHECK(cycle.use(1).response(0).wait_ps() == 500);
  CHECK(cycle.use(1).response(0).time_ps() == 3000);
}

TEST_CASE("six copies that fit exactly are resident, one byte more is not") {
  const std::vector<Tensor> tensors = {tensor("a", 100), tensor("b", 200), tensor("c", 50, true)};
  Work work;
  work.tensors = tensors;
  const auto resident = [&](L2Start how, double capacity) {
    return resident_tensors(tensors, start_state({work}, state(how), 6, capacity), capacity);
  };
  CHECK(resident(L2_START_BENCH, 6 * 350) == Names{"a", "b"});
  CHECK(resident(L2_START_BENCH, 6 * 350 - 1).empty());
  CHECK(resident(L2_START_COLD, 1e9).empty());
}

TEST_CASE("named tensors are resident as far as they fit, outputs and others never") {
  const std::vector<Tensor> tensors = {tensor("kv", 200), tensor("q", 100), tensor("o", 50, true)};
  const auto resident = [&](const Names& names, double capacity) {
    return resident_tensors(tensors, state(L2_START_RESIDENT, names), capacity);
  };
  CHECK(resident({"kv", "q", "o", "z"}, 300) == Names{"q", "kv"});
  CHECK(resident({"kv", "q"}, 299) == Names{"q"});
  CHECK(resident({"kv"}, 200) == Names{"kv"});
  CHECK(resident({"kv"}, 199).empty());
  CHECK(resident({}, 1e9).empty());
}
