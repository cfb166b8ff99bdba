#pragma once

#include <QImage>
#include <Qt>
#include <functional>
#include <memory>
#include <vector>

#include "gui/view/window.h"
#include "tests/gui/model/sample_traces.h"

class QApplication;

namespace reticle::gui::test {

// A window of 1000 x 700 on a trace, drawn offscreen, its rows loaded.
class OpenWindow {
 public:
  using Write = std::function<void(const std::filesystem::path&)>;
  explicit OpenWindow(const Write& write) : OpenWindow(std::vector<Write>{write}) {}
  // Of one trace, or two beside each other; `load` false: rows are not waited for.
  explicit OpenWindow(const std::vector<Write>& write, bool load = true,
                      const std::string& name = "trace.rtrace");

  ~OpenWindow();

  Window& operator*() { return *window_; }
  Window* operator->() { return window_.get(); }
  Timeline& timeline(std::size_t which = 0) { return window_->timeline(which); }
  const Folder& directory() const { return directory_; }

  void key(int key, Qt::KeyboardModifiers modifiers = {}, const QString& text = {});
  void hold(int key);  // a repeat of a key that is down
  void press(QPointF at, Qt::MouseButton button = Qt::LeftButton);
  void move(QPointF at, Qt::MouseButton button = Qt::LeftButton);
  void release(QPointF at, Qt::MouseButton button = Qt::LeftButton);
  void click(QPointF at);
  void drag(QPointF from, QPointF to, Qt::MouseButton button = Qt::LeftButton);
  void wheel(QPointF at, QPoint angle, Qt::KeyboardModifiers modifiers = {});
  void type(const char* letters);
  // Two fingers on a touchpad; 0.25: a quarter further apart.
  void pinch(QPointF at, double by);
  void hold_modifiers(Qt::KeyboardModifiers held) { held_ = held; }  // of mouse buttons

  // Of the timeline.
  QImage picture();
  // Where an instant is on the timeline now, worked out from the range alone.
  double x_of(double ns);

 private:
  void mouse(int type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons);

  Qt::KeyboardModifiers held_;
  Folder directory_;
  std::unique_ptr<QApplication> application_;
  std::unique_ptr<Window> window_;
};

}  // namespace reticle::gui::test
