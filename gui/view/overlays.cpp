#include "gui/view/overlays.h"

#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

namespace reticle::gui {
namespace {

constexpr int kPaletteWidth = 560;
constexpr int kPaletteHeight = 380;
constexpr int kKeysWidth = 190;
constexpr int kColumnWidth = 560;
constexpr int kMargin = 20;

}  // namespace

Help::Help(QWidget* parent, const std::vector<Action>& actions)
    : QFrame(parent), lines_(movement_help()) {
  for (const Action& action : actions) {
    if (!action.keys.isEmpty()) {
      lines_.emplace_back(action.keys, action.title);
    }
  }
  setFrameShape(QFrame::Box);
  setAutoFillBackground(true);
  setFocusPolicy(Qt::StrongFocus);
  hide();
}

void Help::open() {
  const auto rows = static_cast<int>(lines_.size() + 1) / 2;
  const int line = fontMetrics().height() + 6;
  resize(std::min(parentWidget()->width() - 20, 2 * kColumnWidth + 3 * kMargin),
         rows * line + 2 * kMargin);
  move((parentWidget()->width() - width()) / 2,
       std::max(10, (parentWidget()->height() - height()) / 3));
  raise();
  show();
  setFocus();
}

void Help::keyPressEvent(QKeyEvent* event) {
  if (event->key() != Qt::Key_Shift) {
    hide();
    parentWidget()->setFocus();
  }
}

void Help::mousePressEvent(QMouseEvent*) {
  hide();
  parentWidget()->setFocus();
}

void Help::paintEvent(QPaintEvent* event) {
  QFrame::paintEvent(event);
  QPainter painter(this);
  const int line = fontMetrics().height() + 6;
  const auto rows = static_cast<int>(lines_.size() + 1) / 2;
  const int column_width = (width() - 3 * kMargin) / 2;
  for (int i = 0; i < static_cast<int>(lines_.size()); ++i) {
    const int left = kMargin + i / rows * (column_width + kMargin);
    const int top = kMargin + i % rows * line;
    const auto& [which, meaning] = lines_[static_cast<std::size_t>(i)];
    painter.setPen(palette().color(QPalette::Highlight));
    painter.drawText(QRect(left, top, kKeysWidth, line), Qt::AlignVCenter, which);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(QRect(left + kKeysWidth, top, column_width - kKeysWidth, line),
                     Qt::AlignVCenter,
                     fontMetrics().elidedText(meaning, Qt::ElideRight, column_width - kKeysWidth));
  }
}

Palette::Palette(QWidget* parent, const std::vector<Action>& actions)
    : QFrame(parent), actions_(actions), line_(new QLineEdit), list_(new QListWidget) {
  setFrameShape(QFrame::Box);
  setAutoFillBackground(true);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  line_->setPlaceholderText("What to do");
  column->addWidget(line_);
  list_->setFocusPolicy(Qt::NoFocus);
  list_->setFrameShape(QFrame::NoFrame);
  column->addWidget(list_);
  line_->installEventFilter(this);
  QObject::connect(line_, &QLineEdit::textChanged, this, [this] { refill(); });
  QObject::connect(list_, &QListWidget::itemClicked, this, [this] { run(); });
  hide();
}

void Palette::open() {
  resize(std::min(kPaletteWidth, parentWidget()->width() - 20), kPaletteHeight);
  move((parentWidget()->width() - width()) / 2, 60);
  line_->clear();
  refill();
  raise();
  show();
  line_->setFocus();
}

void Palette::refill() {
  list_->clear();
  shown_.clear();
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    if (actions_[i].title.contains(line_->text(), Qt::CaseInsensitive)) {
      const QString& which = actions_[i].keys;
      list_->addItem(actions_[i].title + (which.isEmpty() ? "" : "      " + which));
      shown_.push_back(i);
    }
  }
  list_->setCurrentRow(0);
}

void Palette::run() {
  const int row = list_->currentRow();
  close_palette();
  if (row >= 0 && static_cast<std::size_t>(row) < shown_.size()) {
    actions_[shown_[static_cast<std::size_t>(row)]].run();
  }
}

void Palette::close_palette() {
  hide();
  parentWidget()->setFocus();
}

bool Palette::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
      run();
      return true;
    }
    if (key == Qt::Key_Escape) {
      close_palette();
      return true;
    }
    if (key == Qt::Key_Up || key == Qt::Key_Down) {
      const int next = list_->currentRow() + (key == Qt::Key_Down ? 1 : -1);
      list_->setCurrentRow(std::clamp(next, 0, std::max(0, list_->count() - 1)));
      return true;
    }
  }
  return QFrame::eventFilter(watched, event);
}

}  // namespace reticle::gui
