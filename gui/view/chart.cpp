#include "gui/view/chart.h"

#include <QPainter>

namespace reticle::gui {

void Chart::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setFont(font());
  painter.fillRect(rect(), theme_->window);
  paint(painter);
}

void Chart::say(QPainter& painter, const QString& text) const {
  painter.setPen(theme_->faint_text);
  painter.drawText(rect().adjusted(20, 10, -20, -10), Qt::AlignCenter | Qt::TextWordWrap, text);
}

}  // namespace reticle::gui
