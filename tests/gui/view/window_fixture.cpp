#include "tests/gui/view/window_fixture.h"

#include <QApplication>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPointingDevice>
#include <QWheelEvent>
#include <cstdlib>

namespace reticle::gui::test {
namespace {

// One that lives as long as a window: Qt does not survive a static one.
std::unique_ptr<QApplication> make_application(const std::filesystem::path& directory) {
  static int argc = 1;
  static char name[] = "test";
  static char* argv[] = {name, nullptr};
  setenv("QT_QPA_PLATFORM", "offscreen", 0);  // unless a test of the tests says xcb
  setenv("XDG_RUNTIME_DIR", directory.c_str(), 1);
  auto application = std::make_unique<QApplication>(argc, argv);
  const int font =
      QFontDatabase::addApplicationFont(RETICLE_SOURCE_DIR "/tests/gui/fonts/reticle_test.ttf");
  QApplication::setFont(QFont(QFontDatabase::applicationFontFamilies(font).first()));
  return application;
}

}  // namespace

OpenWindow::~OpenWindow() = default;

OpenWindow::OpenWindow(const std::vector<Write>& write, bool load, const std::string& name)
    : application_(make_application(directory_ / "")) {
  std::vector<std::filesystem::path> paths;
  for (std::size_t i = 0; i < write.size(); ++i) {
    paths.push_back(directory_ / (i == 0 ? name : "other.rtrace"));
    write[i](paths.back());
  }
  window_ = std::make_unique<Window>(paths);
  window_->ask_for_notes(false);
  window_->resize(1000, 700);
  window_->show();
  if (load) {
    window_->finish_loading();
  }
  QApplication::processEvents();
}

void OpenWindow::type(const char* letters) {
  for (const char* letter = letters; *letter != '\0'; ++letter) {
    key(0, {}, QString(QChar(*letter)));
  }
}

void OpenWindow::key(int key, Qt::KeyboardModifiers modifiers, const QString& text) {
  QWidget* target = window_->focusWidget();
  QKeyEvent event(QEvent::KeyPress, key, modifiers, text);
  QApplication::sendEvent(target != nullptr ? target : &timeline(), &event);
}

void OpenWindow::hold(int key) {
  QKeyEvent event(QEvent::KeyPress, key, {}, QString(), true);
  QApplication::sendEvent(window_->focusWidget(), &event);
}

void OpenWindow::mouse(int type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons) {
  QMouseEvent event(static_cast<QEvent::Type>(type), at, timeline().mapToGlobal(at), button,
                    buttons, held_);
  QApplication::sendEvent(&timeline(), &event);
}

void OpenWindow::press(QPointF at, Qt::MouseButton button) {
  mouse(QEvent::MouseButtonPress, at, button, button);
}

void OpenWindow::move(QPointF at, Qt::MouseButton button) {
  mouse(QEvent::MouseMove, at, Qt::NoButton, button);
}

void OpenWindow::release(QPointF at, Qt::MouseButton button) {
  mouse(QEvent::MouseButtonRelease, at, button, Qt::NoButton);
}

void OpenWindow::click(QPointF at) {
  press(at);
  release(at);
}

void OpenWindow::drag(QPointF from, QPointF to, Qt::MouseButton button) {
  press(from, button);
  move((from + to) / 2, button);
  move(to, button);
  release(to, button);
}

void OpenWindow::pinch(QPointF at, double by) {
  QNativeGestureEvent event(Qt::ZoomNativeGesture, QPointingDevice::primaryPointingDevice(), 2, at,
                            at, timeline().mapToGlobal(at), by, QPointF());
  QApplication::sendEvent(&timeline(), &event);
}

void OpenWindow::wheel(QPointF at, QPoint angle, Qt::KeyboardModifiers modifiers) {
  QWheelEvent event(at, timeline().mapToGlobal(at), QPoint(), angle, Qt::NoButton, modifiers,
                    Qt::NoScrollPhase, false);
  QApplication::sendEvent(&timeline(), &event);
}

QImage OpenWindow::picture() { return timeline().grab().toImage(); }

double OpenWindow::x_of(double ns) {
  const TimeRange& range = timeline().range();
  const double share = (ns * 1000 - static_cast<double>(range.from_ps)) /
                       static_cast<double>(range.to_ps - range.from_ps);
  return kLabelWidth + share * (timeline().width() - kLabelWidth);
}

}  // namespace reticle::gui::test
