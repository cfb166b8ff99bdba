#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/memory/dram_device.h"

namespace reticle::memory {

// Bytes of one row that are wanted together.
struct DramRequest {
  DramAddress address;
  std::uint32_t bursts = 0;
  bool write = false;
};

// Controller of one channel: first-ready, first-come-first-served over a window of requests. Writes
// are gathered until their window is full and then drained together; a row nobody in the window
// wants is closed; refresh is due on time and waits only for the row to close.
class DramController {
 public:
  explicit DramController(const DramSpec& spec);

  void push(const DramRequest& request);

  // Serves everything pushed, all of it waiting from the start; returns when the last data have
  // moved.
  engine::Ps run();

 private:
  struct Choice {
    DramCommand command = DramCommand::kPrecharge;
    engine::Ps at = 0;
    std::uint32_t bank = 0;
    std::int64_t row = kNoRow;
    DramRequest* request = nullptr;  // of a RD or WR
  };
  using Window = std::vector<DramRequest>;

  void refill();
  void turn();  // chooses between reads and writes
  Choice choose();
  void consider(Choice& best, const Choice& other) const;
  void column_and_row_commands(Choice& best);
  void refresh_commands(Choice& best);
  bool refreshing(std::uint32_t bank) const;
  static bool wanted(const Window& window, std::uint32_t bank, std::int64_t row);
  void serve(const Choice& choice);

  DramSpec spec_;
  DramDevice device_;
  std::deque<DramRequest> waiting_;
  Window reads_;
  Window writes_;
  std::uint32_t read_bursts_ = 0;
  std::uint32_t write_bursts_ = 0;
  bool draining_ = false;
  engine::Ps now_ = 0;
  engine::Ps end_ = 0;
  engine::Ps refresh_due_;
  std::uint32_t refresh_bank_ = 0;
};

// Pushes contiguous bytes of a channel as requests, one a page they touch.
void push_bytes(DramController& controller, const DramSpec& spec, std::uint64_t first,
                std::uint32_t bytes, bool write);

}  // namespace reticle::memory
