#include <QApplication>
#include <QFileDialog>
#include <QInputDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QSplitter>
#include <algorithm>

#include "gui/view/overlays.h"
#include "gui/view/text.h"
#include "gui/view/window.h"
#include "schema/errors.h"

namespace reticle::gui {
namespace {

constexpr double kTaller = 1.25;

}  // namespace

void Window::make_actions() {
  add_navigation(actions_);
  add_rows(actions_);
  add_views(actions_);
  add_exports(actions_);
}

void Window::add_navigation(std::vector<Action>& to) {
  to.push_back(
      {"Show everything", "0   Home", keys({Qt::Key_0, Qt::Key_Home}), [this] { now().fit(); }});
  to.push_back({"Centre the selection; again: fit it", "F", keys({Qt::Key_F}),
                [this] { now().focus_selection(); }});
  to.push_back({"Back to the view before", "Alt+Left", keys({Qt::Key_Left}, Qt::AltModifier),
                [this] { now().back(); }});
  to.push_back({"Forward again", "Alt+Right", keys({Qt::Key_Right}, Qt::AltModifier),
                [this] { now().forward(); }});
  to.push_back(
      {"Next slice of the lane", ".", sign(Qt::Key_Period), [this] { now().select_neighbour(1); }});
  to.push_back({"Previous slice of the lane", ",", sign(Qt::Key_Comma),
                [this] { now().select_neighbour(-1); }});
  to.push_back({"Slice in the lane below", "Alt+Down", keys({Qt::Key_Down}, Qt::AltModifier),
                [this] { now().select_lane(1); }});
  to.push_back({"Slice in the lane above", "Alt+Up", keys({Qt::Key_Up}, Qt::AltModifier),
                [this] { now().select_lane(-1); }});
  to.push_back(
      {"Follow a flow forward", "]", sign(Qt::Key_BracketRight), [this] { now().follow_flow(1); }});
  to.push_back(
      {"Follow a flow back", "[", sign(Qt::Key_BracketLeft), [this] { now().follow_flow(-1); }});
  to.push_back({"Choose among several flows", "Ctrl+]   Ctrl+[",
                sign(Qt::Key_BracketRight, Qt::ControlModifier), [this] { now().choose_flow(1); }});
  to.push_back({"Choose the flow before", "", sign(Qt::Key_BracketLeft, Qt::ControlModifier),
                [this] { now().choose_flow(-1); }});
  to.push_back({"The selected slice as a range", "R", keys({Qt::Key_R}),
                [this] { now().mark_selection(); }});
  to.push_back({"Mark this instant", "M", keys({Qt::Key_M}), [this] { now().add_mark(false); }});
  to.push_back({"Mark this instant with a note, kept beside the trace", "Shift+M",
                keys({Qt::Key_M}, Qt::ShiftModifier), [this] { edit_mark(); }});
  to.push_back({"Search by name, /regex/ or argument; Enter, Shift+Enter: next, previous hit",
                "/   Ctrl+F",
                [](int key, Qt::KeyboardModifiers held) {
                  return (key == Qt::Key_Slash && !held.testFlag(Qt::ControlModifier)) ||
                         (key == Qt::Key_F && held == Qt::ControlModifier);
                },
                [this] {
                  search_->setFocus();
                  search_->selectAll();
                }});
  to.push_back(
      {"Count what is searched for: statistics of the hits", ":", sign(Qt::Key_Colon), [this] {
         show_view("statistics");
         search_->setFocus();
         search_->selectAll();
       }});
  to.push_back(
      {"Clear selection, range and cursor; stop loading", "Esc", keys({Qt::Key_Escape}), [this] {
         cancel_loading();
         now().select({});
         now().mark({});
       }});
}

void Window::add_rows(std::vector<Action>& to) {
  const auto on_row = [this](auto&& act) {
    return [this, act] {
      if (const auto row = now().current_row()) {
        act(*row);
        panes_[active_].edited = true;
      }
    };
  };
  to.push_back({"Pin the track to the top, or unpin it", "P", keys({Qt::Key_P}),
                on_row([this](const RowId& row) { now().toggle_pin(row); })});
  to.push_back({"Hide the track", "H", keys({Qt::Key_H}),
                on_row([this](const RowId& row) { now().hide_row(row); })});
  to.push_back({"Show all tracks", "Shift+H", keys({Qt::Key_H}, Qt::ShiftModifier), [this] {
                  filter_->clear();
                  now().show_all_rows();
                  panes_[active_].edited = true;
                }});
  to.push_back({"Move the track up", "Ctrl+Shift+Up",
                keys({Qt::Key_Up}, Qt::ControlModifier | Qt::ShiftModifier),
                on_row([this](const RowId&) { now().move_row(-1); })});
  to.push_back({"Move the track down", "Ctrl+Shift+Down",
                keys({Qt::Key_Down}, Qt::ControlModifier | Qt::ShiftModifier),
                on_row([this](const RowId&) { now().move_row(1); })});
  to.push_back({"The counter as values, changes, changes a second, the sum over tracks", "V",
                keys({Qt::Key_V}), on_row([this](const RowId&) { now().step_counter_mode(); })});
  to.push_back({"Filter tracks by name", "L", keys({Qt::Key_L}), [this] {
                  filter_->setFocus();
                  filter_->selectAll();
                }});
  to.push_back(
      {"Taller rows", "+",
       [](int key, Qt::KeyboardModifiers) { return key == Qt::Key_Plus || key == Qt::Key_Equal; },
       [this] { now().scale_rows(kTaller); }});
  to.push_back({"Lower rows", "-", sign(Qt::Key_Minus), [this] { now().scale_rows(1 / kTaller); }});
  to.push_back({"Open or close the group", "O", keys({Qt::Key_O}), on_row([this](const RowId& row) {
                  if (row.track != 0) {
                    now().toggle({row.track});
                  }
                })});
}

void Window::add_views(std::vector<Action>& to) {
  to.push_back({"Critical path", "C", keys({Qt::Key_C}), [this] {
                  for (Pane& pane : panes_) {
                    pane.timeline->set_critical_path(!pane.timeline->critical_path());
                  }
                }});
  to.push_back({"Reasons of idle gaps", "I", keys({Qt::Key_I}), [this] {
                  for (Pane& pane : panes_) {
                    pane.timeline->set_idle_reasons(!pane.timeline->idle_reasons());
                  }
                }});
  int number = Qt::Key_1;
  for (const std::string& name : views()) {
    if (name == "timeline" || name == "critical-path" || name == "help" ||
        (name == "compare" && panes_.size() < 2)) {
      continue;
    }
    to.push_back({"View: " + text(name), QChar(number - Qt::Key_0 + '0'), keys({number}),
                  [this, name] { show_view(name); }});
    ++number;
  }
  if (panes_.size() > 1) {
    to.push_back({"Align the two traces on the selected slices", "G", keys({Qt::Key_G}),
                  [this] { align_on_selection(); }});
    to.push_back({"The other trace", "Tab", keys({Qt::Key_Tab}),
                  [this] { panes_[1 - active_].timeline->setFocus(); }});
  }
  to.push_back({"Light or dark", "T", keys({Qt::Key_T}), [this] { set_dark(!dark_); }});
  to.push_back({"Commands by name", "Ctrl+Shift+P",
                keys({Qt::Key_P}, Qt::ControlModifier | Qt::ShiftModifier),
                [this] { palette_->open(); }});
  to.push_back(
      {"This list; any key closes it", "?", sign(Qt::Key_Question), [this] { help_->open(); }});
}

void Window::add_exports(std::vector<Action>& to) {
  const auto add = [&](const QString& title, const QString& keys_shown, const QString& ending,
                       std::function<bool(int, Qt::KeyboardModifiers)> matches) {
    to.push_back({title, keys_shown, std::move(matches),
                  [this, title, ending] { ask_for_export(title, ending); }});
  };
  add("Save the window as PNG", "", "png", {});
  add("Save the timeline as SVG", "", "svg", {});
  add("Save the statistics of the range as CSV", "", "csv", {});
  add("Save the trace as Chrome JSON", "", "json", {});
  add("Save the trace for Perfetto", "", "pftrace", {});
  to.push_back({"Copy the range and the selection as a command line", "Y", keys({Qt::Key_Y}),
                [this] { copy_link(); }});
}

const std::vector<std::string>& Window::views() {
  static const std::vector<std::string> kViews = {
      "timeline", "critical-path", "selection", "statistics", "bottlenecks", "roofline",
      "energy",   "ranks",         "warnings",  "compare",    "help"};
  return kViews;
}

bool Window::show_view(const std::string& name) {
  if (std::find(views().begin(), views().end(), name) == views().end()) {
    return false;
  }
  if (name == "timeline") {
    splitter_->setSizes({height(), 0});
  } else if (name == "critical-path") {
    for (Pane& pane : panes_) {
      pane.timeline->set_critical_path(true);
    }
  } else if (name == "help") {
    help_->open();
  } else {
    if (splitter_->sizes()[1] == 0) {
      splitter_->setSizes({600, 250});
    }
    return panels_->open(name);
  }
  return true;
}

void Window::edit_mark() {
  now().add_mark(true);
  Marks marks = now().marks();
  bool accepted = true;
  if (ask_notes_) {
    marks.back().note =
        QInputDialog::getText(this, "Mark", "Note", QLineEdit::Normal, "", &accepted).toStdString();
  }
  if (!accepted) {
    marks.pop_back();
  }
  now().set_marks(marks);
  save_view_beside();
}

void Window::ask_for_export(const QString& what, const QString& ending) {
  const QString chosen = QFileDialog::getSaveFileName(this, what, QString(), "*." + ending);
  if (chosen.isEmpty()) {
    return;
  }
  try {
    export_to(chosen.toStdString());
  } catch (const Error& error) {
    QMessageBox::warning(this, what, error.what());
  }
}

}  // namespace reticle::gui
