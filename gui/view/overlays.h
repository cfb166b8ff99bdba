#pragma once

#include <QFrame>
#include <vector>

#include "gui/view/actions.h"

class QLineEdit;
class QListWidget;

namespace reticle::gui {

// The list of keys, over the window; any key or click closes it.
class Help : public QFrame {
 public:
  Help(QWidget* parent, const std::vector<Action>& actions);
  void open();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  std::vector<std::pair<QString, QString>> lines_;
};

// All actions by name: type to choose, Enter runs, Escape closes.
class Palette : public QFrame {
 public:
  Palette(QWidget* parent, const std::vector<Action>& actions);
  void open();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void refill();
  void run();
  void close_palette();

  const std::vector<Action>& actions_;
  std::vector<std::size_t> shown_;  // by row: which action
  QLineEdit* line_;
  QListWidget* list_;
};

}  // namespace reticle::gui
