#include "sim/memory/memory_system.h"

#include <tlm_utils/simple_initiator_socket.h>

#include <catch2/catch.hpp>

using namespace reticle;
using namespace reticle::memory;
using engine::Ps;

namespace {

constexpr Ps kHit = 200000;
constexpr Ps kMiss = 500000;
constexpr double kFast = 1e15;  // B/s that never bind
constexpr std::uint32_t kTile = 8192;

L2Spec l2(double capacity = 1e6, double read = kFast, double write = kFast) {
  return {capacity, kHit, read, write};
}

// 16 channels of 25.6 GB/s: a tile of 8 KiB takes 20,000 ps.
const HbmSpec kHbm = {16, 25.6e9, kMiss, 512};

struct Answer {
  Ps port_free;
  Ps done;
};

// A requester whose clock the test sets: it asks inside the run of an event queue.
class Requester : public sc_core::sc_module, public engine::Listener {
 public:
  explicit Requester(const L2Spec& l2, const sc_core::sc_module_name& name = "requester")
      : sc_module(name), socket("socket"), events("events"), memory("memory", events, l2, kHbm) {
    socket.bind(memory.socket);
    payload_.set_extension(&access_);
    memory.reset({});
  }
  ~Requester() override { payload_.clear_extension(&access_); }

  // Asks for tiles one after the other, each at its time.
  struct Request {
    Ps at;
    std::uint64_t key;
    bool write = false;
    std::uint32_t bytes = kTile;
  };
  std::vector<Answer> ask(const std::vector<Request>& requests, double port = kFast) {
    requests_ = requests;
    port_ = port;
    answers_.clear();
    events.run({this});
    return answers_;
  }

  void on_event(std::uint64_t token) override {
    if (token == engine::kStartToken) {
      for (std::size_t i = 0; i < requests_.size(); ++i) {
        events.schedule(requests_[i].at, 0, *this, i);
      }
      return;
    }
    answers_.push_back(send(requests_[token]));
  }

  // Streams `tiles`, each when the port is free of the one before; returns when the last is
  // through.
  Ps stream(int tiles, bool write, double port, std::uint64_t distinct) {
    Ps free = 0;
    for (int i = 0; i < tiles; ++i) {
      const auto key = static_cast<std::uint64_t>(i) % distinct;
      free = ask({{free, key, write}}, port)[0].port_free;
    }
    return free;
  }

  tlm_utils::simple_initiator_socket<Requester> socket;
  engine::EventQueue events;
  MemorySystem memory;
  bool pipelined = false;

 private:
  Answer send(const Request& request) {
    access_.key = request.key;
    access_.port_bandwidth = port_;
    access_.pipelined = pipelined;
    payload_.set_command(request.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload_.set_data_length(request.bytes);
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    socket->b_transport(payload_, delay);
    return {access_.port_free, events.now() + static_cast<Ps>(delay.value())};
  }

  tlm::tlm_generic_payload payload_;
  TileAccess access_;
  std::vector<Request> requests_;
  std::vector<Answer> answers_;
  double port_ = kFast;
};

constexpr Ps kMoved = 9;  // 8 KiB at 1e15 B/s, rounded up

}  // namespace

TEST_CASE("a miss takes HBM's service and latency, a hit L2's latency") {
  Requester requester(l2());
  const auto answers = requester.ask({{0, 1}, {1000000, 1}});
  CHECK(answers[0].port_free == 20000);
  CHECK(answers[0].done == 20000 + kMiss);
  CHECK(answers[1].port_free == 1000000 + kMoved);
  CHECK(answers[1].done == 1000000 + kMoved + kHit);
  CHECK(requester.memory.hbm().bytes() == kTile);
  CHECK(requester.memory.l2_bytes() == 2 * kTile);
}

// Misses of 20,000 ps each through a port of 8,192 ps: one that waits takes the service every time,
// a pipelined one the port's, and HBM serves the requests all the same.
TEST_CASE("a pipelined port asks on before it is served") {
  Requester requester(l2());
  const double port = kTile / 8192e-12;
  CHECK(requester.ask({{0, 1}}, port)[0].port_free == 20000);
  requester.pipelined = true;
  requester.memory.reset({});
  const auto answers = requester.ask({{0, 2}, {8192, 3}}, port);
  CHECK(answers[0].port_free == 8192);
  CHECK(answers[0].done == 20000 + kMiss);
  CHECK(answers[1].port_free == 2 * 8192);
  CHECK(answers[1].done >= 8192 + 20000 + kMiss);
}

// A full L2, half of it dirty: two clean reads push one dirty tile out; a pipelined writer is held
// up only by what cannot leave within a round trip to HBM.
TEST_CASE("what earlier kernels left dirty is written when its place is taken") {
  constexpr double kCapacity = 8 * 32 * 1024;
  Requester requester(l2(kCapacity));
  requester.memory.reset({}, {kCapacity, 0.5});
  std::vector<Requester::Request> requests;
  for (std::uint64_t i = 0; i < 32; ++i) {
    requests.push_back({static_cast<Ps>(i) * 1000000, i});
  }
  requester.ask(requests);
  CHECK(requester.memory.hbm().bytes() == kCapacity + kCapacity / 2);
  requester.memory.reset({}, {kCapacity, 0});
  requester.ask(requests);
  CHECK(requester.memory.hbm().bytes() == kCapacity);
  requester.memory.reset({}, {kCapacity, 1});
  const Ps held = requester.ask({{0, 1, true}})[0].port_free;
  requester.memory.reset({}, {kCapacity, 1});
  requester.pipelined = true;
  const Ps free = requester.ask({{0, 1, true}})[0].port_free;
  CHECK(held == 4 * 20000);  // a tile of 32 KiB leaves
  CHECK(free == kMoved);
}

TEST_CASE("a tile that is being filled is waited for, and fetched once") {
  Requester requester(l2());
  const Ps filled = 20000 + kMiss;  // data of the first request
  const auto answers = requester.ask({{0, 1},
                                      {100, 1},
                                      {filled - kHit - kMoved, 1},
                                      {filled - kHit, 1},
                                      {filled - 1, 1},
                                      {filled + kHit, 1}});
  CHECK(answers[1].port_free == 20000);
  CHECK(answers[1].done == filled);  // never before the data are there
  CHECK(answers[2].done == filled);
  CHECK(answers[3].done == filled + kMoved);             // from here on it is a plain hit,
  CHECK(answers[4].done == filled - 1 + kMoved + kHit);  // also just before the fill is over
  CHECK(answers[5].done == filled + kHit + kMoved + kHit);
  CHECK(requester.memory.hbm().bytes() == kTile);
}

TEST_CASE("asking later never gets data earlier") {
  Requester requester(l2());
  std::vector<Requester::Request> requests = {{0, 1}};
  for (Ps at = 1; at < 800000; at += 997) {
    requests.push_back({at, 1});
  }
  Ps last = 0;
  for (const Answer& answer : requester.ask(requests)) {
    REQUIRE(answer.done >= last);
    last = answer.done;
  }
}

TEST_CASE("a resident tensor is in L2 once: what is pushed out must be fetched") {
  Requester requester(l2(2 * kTile));
  requester.memory.reset({3});
  const std::uint64_t resident = tile_key(3, 0);
  const auto answers = requester.ask(
      {{0, resident}, {1000000, tile_key(4, 0)}, {2000000, tile_key(4, 1)}, {3000000, resident}});
  CHECK(answers[0].done == kMoved + kHit);
  CHECK(answers[1].done == 1000000 + 20000 + kMiss);
  CHECK(answers[3].done == 3000000 + 20000 + kMiss);
  CHECK(requester.memory.hbm().bytes() == 3 * kTile);
  requester.memory.reset({3});  // and is there again in the next run
  CHECK(requester.ask({{0, resident}})[0].done == kMoved + kHit);
}

TEST_CASE("a stream through a slow port takes bytes over its bandwidth") {
  Requester requester(l2());  // 8,192 B at 64 GB/s: 128,000 ps
  CHECK(requester.stream(50, false, 64e9, 50) == 50 * 128000);
}

TEST_CASE("a stream of hits takes bytes over L2's read bandwidth") {
  Requester requester(l2(1e6, 64e9));
  CHECK(requester.stream(50, false, kFast, 1) == 50 * 128000);
  CHECK(requester.memory.l2_busy() == 50 * 128000);
}

TEST_CASE("a stream of writes takes bytes over L2's write bandwidth") {
  Requester requester(l2(1e6, kFast, 64e9));
  CHECK(requester.stream(50, true, kFast, 50) == 50 * 128000);
}

TEST_CASE("a stream of misses takes bytes over HBM's bandwidth") {
  Requester requester(l2());
  CHECK(requester.stream(50, false, kFast, 50) == 50 * 20000);
  CHECK(requester.memory.hbm().busy() == 50 * 20000);
}

TEST_CASE("writes cannot outrun HBM once L2 is full") {
  Requester requester(l2(4 * kTile));
  // Four tiles find room; each later one waits until a dirty one has left.
  CHECK(requester.stream(20, true, kFast, 20) == 4 * kMoved + 16 * 20000);
  CHECK(requester.memory.hbm().bytes() == 16 * kTile);
  CHECK(requester.memory.hbm().busy() == 16 * 20000);
}

TEST_CASE("bytes out of HBM are the bytes missed and those written back") {
  Requester requester(l2(4 * kTile));
  std::vector<Requester::Request> requests;
  for (std::uint64_t i = 0; i < 40; ++i) {
    requests.push_back({static_cast<Ps>(i) * 1000000, i, i % 2 == 0});
  }
  requester.ask(requests);
  // 20 read and missed; of the 20 written, the two among the last four tiles stay.
  CHECK(requester.memory.hbm().bytes() == (20 + 18) * kTile);
  CHECK(requester.memory.l2_bytes() == 40 * kTile);
}

TEST_CASE("requests without a tile are refused") {
  Requester requester(l2());
  requester.ask({});
  tlm::tlm_generic_payload payload;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  CHECK_THROWS_WITH(requester.socket->b_transport(payload, delay), "memory request without a tile");
}

TEST_CASE("statistics say what moved") {
  Requester requester(l2());
  requester.ask({{0, 1}, {1000000, 1}});
  const auto statistics = requester.memory.statistics();
  REQUIRE(statistics.size() == 6);
  CHECK(statistics[2].name == "l2.bytes");
  CHECK(statistics[2].value == 2 * kTile);
  CHECK(statistics[3].name == "l2.hit_bytes");
  CHECK(statistics[3].value == kTile);
}
