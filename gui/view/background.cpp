#include "gui/view/background.h"

#include <chrono>
#include <utility>

namespace reticle::gui {
namespace {

constexpr int kPoll_ms = 15;

}  // namespace

Background::Background() {
  QObject::connect(&timer_, &QTimer::timeout, this, [this] {
    if (running_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
      take();
    }
  });
}

Background::~Background() {
  if (running_.valid()) {
    running_.wait();
  }
}

void Background::start(Work work) {
  if (running_.valid()) {
    next_ = std::move(work);
  } else {
    begin(std::move(work));
  }
}

void Background::begin(Work work) {
  running_ = std::async(std::launch::async, std::move(work));
  timer_.start(kPoll_ms);
}

// What is out of date is not shown.
void Background::take() {
  timer_.stop();
  const Show show = running_.get();
  if (next_) {
    begin(std::exchange(next_, {}));
  } else {
    show();
  }
}

void Background::finish() {
  while (running_.valid()) {
    running_.wait();
    take();
  }
}

}  // namespace reticle::gui
