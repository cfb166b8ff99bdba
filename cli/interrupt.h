#pragma once

#include <atomic>

namespace reticle::cli {

// Thrown where a long command may stop; `signal` is SIGINT or SIGTERM.
struct Interrupted {
  int signal = 0;
};

// Catches SIGINT and SIGTERM from now on: long commands stop at the next kernel or row and keep
// what is finished. Other commands die of the signal.
void catch_interrupts();
const std::atomic<bool>& interrupted();
int interrupt_signal();
void require_not_interrupted();  // throws Interrupted if one came

}  // namespace reticle::cli
