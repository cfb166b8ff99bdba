#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <algorithm>

#include "gui/model/format.h"
#include "gui/view/text.h"
#include "gui/view/window.h"

namespace reticle::gui {
namespace {

constexpr int kTake_ms = 20;  // of a poll

// Two traces often have the same name, in folders of their own.
std::string short_path(const std::filesystem::path& path, bool with_folder) {
  const std::filesystem::path folder = path.parent_path().filename();
  return with_folder && !folder.empty() ? folder / path.filename() : path.filename();
}

}  // namespace

void Window::finish_loading() {
  for (Pane& pane : panes_) {
    pane.document->wait();
  }
  poll();
}

void Window::cancel_loading() {
  for (Pane& pane : panes_) {
    pane.document->cancel();
  }
}

void Window::poll() {
  bool all = true;
  for (Pane& pane : panes_) {
    const bool more = pane.document->take(std::chrono::milliseconds(kTake_ms));
    if (pane.document->loaded() && !pane.shown) {
      pane.shown = true;
      show_loaded(pane);
    } else if (more) {
      pane.timeline->rows_changed();
    }
    all = all && pane.document->loaded();
  }
  show_header();
  if (all && timer_.isActive()) {
    timer_.stop();
    show_search();
    compare();
    panels_->range_changed();
  }
}

void Window::show_loaded(Pane& pane) {
  std::string warning;
  const Document& document = *pane.document;
  if (const auto saved = load_view(document.summary(), document.path(), warning)) {
    pane.timeline->set_arrangement(saved->arrangement);
    pane.timeline->set_marks(saved->marks);
  } else {
    Arrangement rows = pane.timeline->arrangement();
    rows.collapsed.merge(counter_groups(document.contents()));
    pane.timeline->set_arrangement(rows);
  }
  pane.timeline->rows_changed();
  QStringList warnings;
  for (const Pane& each : panes_) {
    for (const std::string& one : each.document->data().warnings) {
      warnings << text(one);
    }
    if (const std::size_t dangling = each.document->flows().dangling()) {
      warnings << text(format_count(dangling)) + " flows lead to or from slices that are not there";
    }
  }
  if (!warning.empty()) {
    warnings << text(warning);
  }
  panels_->show_warnings(warnings);
}

void Window::show_header() {
  QString line;
  double done = 0;
  bool loading = false;
  for (std::size_t i = 0; i < panes_.size(); ++i) {
    const Document& document = *panes_[i].document;
    const trace::Summary& summary = document.summary();
    line += panes_.size() > 1 ? QString(i == 0 ? "<b>A</b> " : "&nbsp;&nbsp; <b>B</b> ") : "";
    line += "<b>" + text(short_path(document.path(), panes_.size() > 1)).toHtmlEscaped() +
            "</b>&nbsp; " + text(format_count(summary.totals.slices)) + " slices, " +
            (panes_.size() > 1 ? ""
                               : text(format_count(summary.totals.samples)) + " samples, " +
                                     text(format_count(summary.totals.flows)) + " flows, ") +
            text(format_duration(document.whole().length_ps()));
    for (const auto& [key, value] : summary.properties) {
      if (panes_.size() == 1 && key.find("_per_s") == std::string::npos) {
        line += "&nbsp; " + text(key).toHtmlEscaped() + ": " + text(value).toHtmlEscaped();
      }
    }
    loading = loading || !document.loaded();
    done += document.progress() / static_cast<double>(panes_.size());
  }
  status_->setText(line);
  progress_->setValue(static_cast<int>(100 * done));
  progress_->setVisible(loading);
  cancel_->setVisible(loading);
}

}  // namespace reticle::gui
