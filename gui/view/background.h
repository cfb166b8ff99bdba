#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <future>

namespace reticle::gui {

// Works things out on a thread, one after the other, and shows them on the thread that asked. Of
// several that were asked for meanwhile only the last is worked out.
class Background : public QObject {
 public:
  using Show = std::function<void()>;
  using Work = std::function<Show()>;  // on the thread; returns what is to be done with its result

  Background();
  ~Background() override;  // waits, and shows nothing

  void start(Work work);
  bool busy() const { return running_.valid(); }
  // Waits until all is worked out and shown.
  void finish();

 private:
  void begin(Work work);
  void take();

  std::future<Show> running_;
  Work next_;  // empty: nothing
  QTimer timer_;
};

}  // namespace reticle::gui
