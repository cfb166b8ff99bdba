#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/time.h"
#include "sim/memory/backlog.h"
#include "sim/memory/hbm.h"
#include "sim/memory/l2_cache.h"

namespace reticle::memory {

// What becomes of the bytes that cores read of one tensor.
struct TensorTraffic {
  double missed = 0;   // share that HBM delivers; the rest is in L2 or on its way for another core
  double crossed = 0;  // share fetched from another partition
  bool first_use = false;  // nobody read it before: data come no earlier than from HBM
};

// Memory as one of `sharers` cores that all do alike sees it, in closed form. The counterpart of
// MemorySystem, from the same specs. All start at once; then, as closed deterministic queues do,
// they spread out until either the resource is never idle or nobody waits for it (asymptotic
// bounds, Denning and Buzen 1978).
class FairMemory {
 public:
  // `hbm_rate`: B/s of all channels for the kernel's access pattern. `written_back`: bytes that
  // leave L2 dirty for each byte that enters it.
  FairMemory(const L2Spec& l2, const HbmSpec& hbm, double hbm_rate, double sharers,
             double written_back)
      : l2_(l2),
        latency_(hbm.latency),
        wait_(hbm.wait),
        hbm_rate_(hbm_rate),
        sharers_(sharers),
        written_back_(written_back) {}

  struct Request {
    engine::Ps at = 0;
    std::uint32_t bytes = 0;
    double port_bandwidth = 0;
    bool pipelined = false;
  };
  struct Service {
    engine::Ps port_free = 0;
    engine::Ps done = 0;
  };
  Service read(const Request& request, const TensorTraffic& traffic);
  Service write(const Request& request);

  // Of all sharers.
  double l2_bytes() const { return sharers_ * (read_bytes_ + write_bytes_); }
  double hbm_bytes() const { return sharers_ * hbm_bytes_; }
  engine::Ps l2_busy() const;
  engine::Ps hbm_busy() const { return engine::transfer_ps(hbm_bytes(), hbm_rate_); }
  engine::Ps hbm_backlog(engine::Ps elapsed) const { return hbm_.backlog.mean(elapsed); }

 private:
  // A resource as all sharers use it.
  struct Shared {
    engine::Ps free = kIdle;
    Backlog backlog = {};
  };
  static constexpr engine::Ps kIdle = -1;
  engine::Ps reserve(Shared& shared, engine::Ps at, double bytes, double rate) const;

  L2Spec l2_;
  engine::Ps latency_;
  engine::Ps wait_;
  double hbm_rate_;
  double sharers_;
  double written_back_;
  Shared read_;
  Shared write_;
  Shared crossing_;
  Shared hbm_;
  double read_bytes_ = 0;
  double write_bytes_ = 0;
  double hbm_bytes_ = 0;
};

}  // namespace reticle::memory
