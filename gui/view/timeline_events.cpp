#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "gui/view/timeline.h"

namespace reticle::gui {
namespace {

constexpr double kZoomStep = 0.8;    // a key press
constexpr double kFineStep = 0.95;   // with Ctrl
constexpr double kFastStep = 0.5;    // with Shift
constexpr double kPanShare = 0.1;    // of the view
constexpr double kWheelNotch = 120;  // Qt's angle of one notch
constexpr double kDragFrom_px = 4;   // less is a click
constexpr int kFastestAfter = 20;    // repeats of a key that is held
constexpr double kFastestPan = 3;    // times

double zoom_step(Qt::KeyboardModifiers modifiers) {
  if (modifiers.testFlag(Qt::ControlModifier)) {
    return kFineStep;
  }
  return modifiers.testFlag(Qt::ShiftModifier) ? kFastStep : kZoomStep;
}

}  // namespace

void Timeline::resizeEvent(QResizeEvent*) { lay_out(); }

// Keys of movement; all others are actions of the window.
void Timeline::keyPressEvent(QKeyEvent* event) {
  held_ = event->isAutoRepeat() ? held_ + 1 : 0;
  if (!movement_key(event->key(), event->modifiers())) {
    QWidget::keyPressEvent(event);
  }
}

bool Timeline::movement_key(int key, Qt::KeyboardModifiers modifiers) {
  if (modifiers.testFlag(Qt::AltModifier) ||
      (modifiers.testFlag(Qt::ControlModifier) && modifiers.testFlag(Qt::ShiftModifier))) {
    return false;
  }
  const double fast = modifiers.testFlag(Qt::ShiftModifier) ? 5 : 1;
  const double fine = modifiers.testFlag(Qt::ControlModifier) ? 0.2 : 1;
  const double held = 1 + (kFastestPan - 1) * std::min(held_, kFastestAfter) / kFastestAfter;
  const double pan = scale().width * kPanShare * fast * fine * held;
  const std::optional<double> cursor =
      hover_ ? std::optional(hover_->x() - kLabelWidth) : std::nullopt;
  switch (key) {
    case Qt::Key_W:
      zoom(zoom_step(modifiers), cursor);
      return true;
    case Qt::Key_S:
      zoom(1 / zoom_step(modifiers), cursor);
      return true;
    case Qt::Key_A:
    case Qt::Key_Left:
      pan_pixels(-pan);
      return true;
    case Qt::Key_D:
    case Qt::Key_Right:
      pan_pixels(pan);
      return true;
    case Qt::Key_Up:
      scroll_to(scroll_ - 40);
      return true;
    case Qt::Key_Down:
      scroll_to(scroll_ + 40);
      return true;
    case Qt::Key_PageUp:
      scroll_to(scroll_ - height() / 2);
      return true;
    case Qt::Key_PageDown:
      scroll_to(scroll_ + height() / 2);
      return true;
    default:
      return false;
  }
}

void Timeline::mousePressEvent(QMouseEvent* event) {
  drag_from_ = event->position();
  drag_range_ = range_;
  drag_scroll_ = scroll_;
  const bool label = event->position().x() < kLabelWidth;
  const bool pan = event->button() == Qt::RightButton || event->button() == Qt::MiddleButton ||
                   event->modifiers().testFlag(Qt::ShiftModifier);
  const Row* row = row_at(event->position().y());
  if (label && row != nullptr && event->button() == Qt::RightButton) {
    if (on_menu) {
      on_menu(id_of(*row), event->globalPosition().toPoint());
    }
  } else if (pan) {
    drag_ = Drag::kPan;
  } else if (const Row* edge = edge_at(event->position())) {
    drag_ = Drag::kHeight;
    drag_height_ = edge->height;
    drag_scale_ = row_scale_;
  } else if (label && row != nullptr) {
    drag_ = Drag::kMaybeRow;
    drag_row_ = id_of(*row);
  } else if (row != nullptr && row->kind == RowKind::kGroup) {
    toggle(row->track);
  } else if (!label) {
    drag_ = Drag::kMaybeMark;
  }
}

void Timeline::mouseMoveEvent(QMouseEvent* event) {
  hover_ = event->position();
  if (drag_ == Drag::kNone) {
    setCursor(edge_at(*hover_) != nullptr ? Qt::SplitVCursor : Qt::ArrowCursor);
  }
  const QPointF moved = event->position() - drag_from_;
  if (drag_ == Drag::kMaybeMark && std::abs(moved.x()) >= kDragFrom_px) {
    drag_ = Drag::kMark;
  } else if (drag_ == Drag::kMaybeRow && std::abs(moved.y()) >= kDragFrom_px) {
    drag_ = Drag::kRow;
  }
  if (drag_ == Drag::kPan) {
    remember();
    const double ps = static_cast<double>(drag_range_.length_ps()) / scale().width;
    set_range(panned(drag_range_, std::llround(-moved.x() * ps), document_.whole()));
    scroll_to(drag_scroll_ - static_cast<int>(moved.y()));
  } else if (drag_ == Drag::kHeight) {
    const double height = std::max(1.0, drag_height_ + moved.y());
    scale_rows(drag_scale_ * height / drag_height_ / row_scale_);
  } else if (drag_ == Drag::kMark) {
    const std::int64_t a = scale().time_ps(drag_from_.x() - kLabelWidth);
    const std::int64_t b = scale().time_ps(std::max(0.0, event->position().x() - kLabelWidth));
    marked_ = TimeRange{std::min(a, b), std::max(a, b) + 1};
  }
  update();
}

void Timeline::mouseReleaseEvent(QMouseEvent* event) {
  const Drag was = drag_;
  drag_ = Drag::kNone;
  if (was == Drag::kMark) {
    mark(marked_);
  } else if (was == Drag::kMaybeMark) {
    select(slice_at(event->position()));
  } else if (was == Drag::kRow) {
    drop_row(event->position());
  } else if (was == Drag::kMaybeRow && drag_row_.track != 0) {
    const Row* row = row_at(event->position().y());
    if (row != nullptr && row->kind == RowKind::kGroup) {
      toggle(row->track);
    }
  }
}

void Timeline::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  if (on_focus) {
    on_focus();
  }
}

void Timeline::leaveEvent(QEvent*) {
  hover_.reset();
  update();
}

void Timeline::wheelEvent(QWheelEvent* event) {
  const QPoint angle = event->angleDelta();
  if (event->modifiers().testFlag(Qt::ControlModifier)) {
    zoom(std::pow(kZoomStep, angle.y() / kWheelNotch), event->position().x() - kLabelWidth);
  } else if (event->modifiers().testFlag(Qt::AltModifier)) {  // Qt turns the wheel sideways then
    scale_rows(std::pow(kZoomStep, -(angle.x() + angle.y()) / kWheelNotch));
  } else if (angle.x() != 0 || event->modifiers().testFlag(Qt::ShiftModifier)) {
    const int turned = angle.x() != 0 ? angle.x() : angle.y();
    pan_pixels(-turned / kWheelNotch * scale().width * kPanShare);
  } else {
    scroll_to(scroll_ - angle.y() / 2);
  }
  event->accept();
}

// Two fingers on a touchpad.
bool Timeline::event(QEvent* event) {
  if (event->type() == QEvent::NativeGesture) {
    const auto* gesture = static_cast<QNativeGestureEvent*>(event);
    if (gesture->gestureType() == Qt::ZoomNativeGesture) {
      zoom(1 / std::max(0.1, 1 + gesture->value()), gesture->position().x() - kLabelWidth);
      return true;
    }
  }
  return QWidget::event(event);
}

}  // namespace reticle::gui
