#include "gui/view/window.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

#include "gui/model/format.h"
#include "gui/view/overlays.h"
#include "gui/view/text.h"

namespace reticle::gui {
namespace {

constexpr int kPoll_ms = 30;

QString joined_names(const std::vector<std::filesystem::path>& paths) {
  QString out;
  for (const auto& path : paths) {
    out += (out.isEmpty() ? "" : " and ") + text(path.filename().string());
  }
  return out;
}

}  // namespace

Window::Window(const std::vector<std::filesystem::path>& paths, const ProfileContext& context) {
  QFont font = QApplication::font();
  font.setPixelSize(kFont_px);
  setFont(font);
  setWindowTitle(joined_names(paths) + " - reticle-view");
  for (const auto& path : paths) {
    panes_.emplace_back();
    panes_.back().document = std::make_unique<Document>(path, context);
  }
  panels_ = new Panels(panes_.size() > 1);
  splitter_ = new QSplitter(Qt::Vertical);
  splitter_->addWidget(make_timelines());
  splitter_->addWidget(panels_);
  splitter_->setStretchFactor(0, 3);
  splitter_->setStretchFactor(1, 1);
  splitter_->setSizes({600, 250});
  auto* middle = new QWidget;
  auto* column = new QVBoxLayout(middle);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(make_header());
  column->addWidget(splitter_, 1);
  setCentralWidget(middle);
  resize(1400, 850);
  make_actions();
  help_ = new Help(this, actions_);
  palette_ = new Palette(this, actions_);
  set_dark(false);
  activate(0);
  now().setFocus();
  QObject::connect(&timer_, &QTimer::timeout, this, [this] { poll(); });
  timer_.start(kPoll_ms);
  poll();
}

// The panels may still count slices of the documents: they go first.
Window::~Window() { delete takeCentralWidget(); }

QWidget* Window::make_header() {
  auto* header = new QWidget;
  auto* row = new QHBoxLayout(header);
  row->setContentsMargins(8, 6, 8, 6);
  status_ = new QLabel;
  status_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  row->addWidget(status_, 1);
  progress_ = new QProgressBar;
  progress_->setFixedWidth(140);
  progress_->setMaximum(100);
  row->addWidget(progress_);
  cancel_ = new QPushButton("Cancel");
  cancel_->setFocusPolicy(Qt::ClickFocus);
  QObject::connect(cancel_, &QPushButton::clicked, this, [this] { cancel_loading(); });
  row->addWidget(cancel_);
  hits_ = new QLabel;
  row->addWidget(hits_);
  const auto line = [&](const QString& what, int width, const std::function<void()>& changed) {
    auto* edit = new QLineEdit;
    edit->setPlaceholderText(what);
    edit->setFixedWidth(width);
    edit->setFocusPolicy(Qt::ClickFocus);
    edit->installEventFilter(this);
    QObject::connect(edit, &QLineEdit::textChanged, this, changed);
    row->addWidget(edit);
    return edit;
  };
  filter_ = line("Filter tracks  ( L )", 140, [this] {
    for (Pane& pane : panes_) {
      pane.timeline->set_filter(filter_->text().toStdString());
    }
  });
  search_ = line("Search: name, /regex/, bytes>4096  ( / )", 290, [this] { show_search(); });
  return header;
}

QWidget* Window::make_timelines() {
  auto* area = new QSplitter(Qt::Vertical);
  for (std::size_t i = 0; i < panes_.size(); ++i) {
    auto* timeline = new Timeline(*panes_[i].document);
    panes_[i].timeline = timeline;
    timeline->on_selection = [this, i] { selection_changed(i); };
    timeline->on_range = [this, i] { link_ranges(i); };
    timeline->on_focus = [this, i] { activate(i); };
    timeline->on_marks = [this, i] { panes_[i].edited = true; };
    timeline->on_menu = [this, i](const RowId& row, const QPoint& at) {
      open_row_menu(i, row, at);
    };
    area->addWidget(timeline);
    if (i == 0 && panes_.size() > 1) {
      drift_ = new DriftChart;
      drift_->scale_of = [timeline] { return timeline->scale(); };
      area->addWidget(drift_);
    }
  }
  if (panels_->comparison() != nullptr) {
    panels_->comparison()->on_grouping = [this](CompareBy by) {
      compare_by_ = by;
      compare();
    };
  }
  return area;
}

void Window::activate(std::size_t which) {
  active_ = which;
  setFocusProxy(panes_[which].timeline);
  panels_->set_subject(*panes_[which].document, *panes_[which].timeline);
}

void Window::selection_changed(std::size_t which) {
  activate(which);
  panels_->selection_changed();
  if (panes_[which].timeline->marked() != panes_[which].panel_range) {
    panes_[which].panel_range = panes_[which].timeline->marked();
    panels_->range_changed();
    panels_->show_range_tab(panes_[which].panel_range.has_value());
  } else if (panes_[which].timeline->selection()) {
    panels_->show_selection_tab();
  }
}

void Window::set_dark(bool dark) {
  dark_ = dark;
  const Theme& theme = dark ? dark_theme() : light_theme();
  setPalette(palette_of(theme));
  for (Pane& pane : panes_) {
    pane.timeline->set_theme(theme);
  }
  if (drift_ != nullptr) {
    drift_->set_theme(theme);
  }
  panels_->set_theme(theme);
}

bool Window::help_shown() const { return help_->isVisible(); }

bool Window::palette_shown() const { return palette_->isVisible(); }

void Window::keyPressEvent(QKeyEvent* event) {
  for (const Action& action : actions_) {
    if (action.matches && action.matches(event->key(), event->modifiers())) {
      action.run();
      return;
    }
  }
  QMainWindow::keyPressEvent(event);
}

// In the search line: Enter steps through the hits, Escape returns to the timeline; in the filter
// both return.
bool Window::eventFilter(QObject* watched, QEvent* event) {
  if ((watched == search_ || watched == filter_) && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (enter && watched == search_) {
      now().step_search(key->modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
      return true;
    }
    if (enter || key->key() == Qt::Key_Escape) {
      now().setFocus();
      return true;
    }
  }
  return QMainWindow::eventFilter(watched, event);
}

void Window::open_row_menu(std::size_t which, const RowId& row, const QPoint& at) {
  activate(which);
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  Pane& pane = panes_[which];
  const auto& pinned = pane.timeline->arrangement().pinned;
  const bool is_pinned = std::find(pinned.begin(), pinned.end(), row) != pinned.end();
  menu->addAction(is_pinned ? "Unpin" : "Pin to the top", this, [&pane, row] {
    pane.timeline->toggle_pin(row);
    pane.edited = true;
  });
  menu->addAction("Hide", this, [&pane, row] {
    pane.timeline->hide_row(row);
    pane.edited = true;
  });
  for (int i = 0; row.counter != 0 && i < kCounterModes; ++i) {
    const auto mode = static_cast<CounterMode>(i);
    menu->addAction(QString("Show its ") + mode_name(mode), this, [&pane, row, mode] {
      pane.timeline->set_counter_mode({row.counter}, mode);
      pane.edited = true;
    });
  }
  menu->addAction("Show all tracks", this, [&pane] {
    pane.timeline->show_all_rows();
    pane.edited = true;
  });
  menu->popup(at);
}

}  // namespace reticle::gui
