#include "sim/memory/fair_memory.h"

#include <algorithm>

namespace reticle::memory {

using engine::Ps;

// What the others leave while this core does something else is not lost to it later: capacity
// counts from its first request.
Ps FairMemory::reserve(Shared& shared, Ps at, double bytes, double rate) const {
  const Ps work = engine::transfer_ps(bytes * sharers_, rate);
  shared.backlog.add(at, shared.free, work);
  shared.free = (shared.free == kIdle ? at : shared.free) + work;
  return std::max(shared.free, at + engine::transfer_ps(bytes, rate));
}

FairMemory::Service FairMemory::read(const Request& request, const TensorTraffic& traffic) {
  const auto bytes = static_cast<double>(request.bytes);
  read_bytes_ += bytes;
  const Ps through_port = request.at + engine::transfer_ps(bytes, request.port_bandwidth);
  Ps moved = std::max(through_port, reserve(read_, request.at, bytes, l2_.read_bandwidth));
  Ps latency = l2_.latency;
  if (traffic.crossed > 0) {
    moved = std::max(moved, reserve(crossing_, request.at, bytes * traffic.crossed / l2_.partitions,
                                    l2_.crossing));
    latency = l2_.far_latency;
  }
  if (traffic.missed > 0) {
    const double from_hbm = bytes * traffic.missed * (1 + written_back_);
    hbm_bytes_ += from_hbm;
    moved = std::max(moved, reserve(hbm_, request.at, from_hbm, hbm_rate_) + wait_);
  }
  latency = traffic.first_use ? latency_ : latency;
  return {request.pipelined ? through_port : moved, moved + latency};
}

FairMemory::Service FairMemory::write(const Request& request) {
  const auto bytes = static_cast<double>(request.bytes);
  write_bytes_ += bytes;
  const Ps through_port = request.at + engine::transfer_ps(bytes, request.port_bandwidth);
  const Ps moved = std::max(through_port, reserve(write_, request.at, bytes, l2_.write_bandwidth));
  hbm_bytes_ += bytes * written_back_;
  const Ps room = written_back_ == 0
                      ? moved
                      : reserve(hbm_, request.at, bytes * written_back_, hbm_rate_) + wait_;
  const Ps accepted = std::max(moved, request.pipelined ? room - latency_ : room);
  return {accepted, accepted + l2_.latency};
}

Ps FairMemory::l2_busy() const {
  return std::max(engine::transfer_ps(sharers_ * read_bytes_, l2_.read_bandwidth),
                  engine::transfer_ps(sharers_ * write_bytes_, l2_.write_bandwidth));
}

}  // namespace reticle::memory
