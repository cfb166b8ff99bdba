#pragma once

#include <QWidget>

#include "gui/view/theme.h"

namespace reticle::gui {

// A picture in a panel.
class Chart : public QWidget {
 public:
  explicit Chart(QWidget* parent = nullptr) : QWidget(parent) {
    setMinimumSize(200, 120);
    setMouseTracking(true);
  }
  void set_theme(const Theme& theme) {
    theme_ = &theme;
    update();
  }

 protected:
  void paintEvent(QPaintEvent* event) override;
  virtual void paint(QPainter& painter) = 0;
  // In the middle, instead of a picture.
  void say(QPainter& painter, const QString& text) const;
  const Theme& theme() const { return *theme_; }

 private:
  const Theme* theme_ = &light_theme();
};

}  // namespace reticle::gui
