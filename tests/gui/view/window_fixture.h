#pragma once

#include <QImage>
#include <Qt>
#include <functional>
#include <memory>

#include "gui/view/window.h"
#include "tests/gui/model/sample_traces.h"

class QApplication;

namespace reticle::gui::test {

// A window of 1000 x 700 on a trace, drawn offscreen, its rows loaded.
class OpenWindow {
 public:
  explicit OpenWindow(const std::function<void(const std::filesystem::path&)>& write);

  ~OpenWindow();

  Window& operator*() { return *window_; }
  Window* operator->() { return window_.get(); }
  Timeline& timeline() { return window_->timeline(); }

  void key(int key, Qt::KeyboardModifiers modifiers = {}, const QString& text = {});
  void press(QPointF at, Qt::MouseButton button = Qt::LeftButton);
  void move(QPointF at, Qt::MouseButton button = Qt::LeftButton);
  void release(QPointF at, Qt::MouseButton button = Qt::LeftButton);
  void click(QPointF at);
  void drag(QPointF from, QPointF to, Qt::MouseButton button = Qt::LeftButton);
  void wheel(QPointF at, QPoint angle, Qt::KeyboardModifiers modifiers = {});

  // Of the timeline.
  QImage picture();
  // Where an instant is on the timeline now, worked out from the range alone.
  double x_of(double ns);

 private:
  void mouse(int type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons);

  Folder directory_;
  std::unique_ptr<QApplication> application_;
  std::unique_ptr<Window> window_;
};

}  // namespace reticle::gui::test
