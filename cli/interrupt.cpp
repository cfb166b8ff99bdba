#include "cli/interrupt.h"

#include <csignal>

namespace reticle::cli {

namespace {

// A signal handler can reach nothing but globals.
std::atomic<bool> stop{false};
std::atomic<int> received{0};

void on_signal(int signal) {
  received = signal;
  stop = true;
  std::signal(signal, SIG_DFL);  // the second one ends the program at once
}

}  // namespace

void catch_interrupts() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

const std::atomic<bool>& interrupted() { return stop; }
int interrupt_signal() { return received; }

void require_not_interrupted() {
  if (interrupted()) {
    throw Interrupted{interrupt_signal()};
  }
}

}  // namespace reticle::cli
