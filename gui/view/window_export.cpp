#include <QApplication>
#include <QClipboard>
#include <QPainter>
#include <QSvgGenerator>

#include "gui/model/csv.h"
#include "gui/view/text.h"
#include "gui/view/window.h"
#include "schema/errors.h"
#include "sim/trace/output_file.h"
#include "study/trace/trace_convert.h"

namespace reticle::gui {
namespace {

void save_svg(const std::filesystem::path& path, const std::vector<Timeline*>& timelines) {
  int height = 0;
  for (const Timeline* timeline : timelines) {
    height += timeline->height();
  }
  QSvgGenerator svg;
  svg.setFileName(text(path.string()));
  svg.setSize(QSize(timelines[0]->width(), height));
  svg.setViewBox(QRect(0, 0, timelines[0]->width(), height));
  svg.setTitle("reticle-view");
  QPainter painter;
  if (!painter.begin(&svg)) {
    throw OutputError("cannot write " + path.string());
  }
  for (Timeline* timeline : timelines) {
    painter.save();
    timeline->paint_view(painter);
    painter.restore();
    painter.translate(0, timeline->height());
  }
  painter.end();
}

}  // namespace

void Window::export_to(const std::filesystem::path& path) {
  const std::string ending = path.extension();
  const Document& document = *panes_[active_].document;
  if (ending == ".png") {
    if (!grab().save(text(path.string()), "PNG")) {
      throw OutputError("cannot write " + path.string());
    }
  } else if (ending == ".svg") {
    std::vector<Timeline*> timelines;
    for (Pane& pane : panes_) {
      timelines.push_back(pane.timeline);
    }
    save_svg(path, timelines);
  } else if (ending == ".csv") {
    const StatisticsTable& table = panels_->statistics();
    trace::OutputFile file(path);
    file.write(statistics_csv(document.contents(), table.rows(), panels_->grouping()));
    file.commit();
  } else if (ending == ".json") {
    study::convert(document.path(), "chrome", path);
  } else if (ending == ".pftrace") {
    study::convert(document.path(), "perfetto", path);
  } else if (ending == ".rtrace") {
    study::convert(document.path(), "rtrace", path);
  } else {
    throw UsageError(path.string() +
                     ": the ending says what to write: .png, .svg, .csv, .json (Chrome), .pftrace "
                     "(Perfetto) or .rtrace");
  }
}

void Window::save_view_beside() {
  for (Pane& pane : panes_) {
    save_view({pane.timeline->marks(), pane.timeline->arrangement()}, pane.document->summary(),
              pane.document->path());
    pane.edited = false;
  }
}

// Only what was changed is written, and nothing is said of a folder that cannot be written to.
void Window::closeEvent(QCloseEvent* event) {
  for (Pane& pane : panes_) {
    if (pane.edited) {
      try {
        save_view({pane.timeline->marks(), pane.timeline->arrangement()}, pane.document->summary(),
                  pane.document->path());
      } catch (const Error&) {
        pane.edited = false;
      }
    }
  }
  QMainWindow::closeEvent(event);
}

std::string Window::link() const {
  const TimeRange& range = panes_[active_].timeline->range();
  std::string out =
      "reticle-view --range " +
      QString::number(static_cast<double>(range.from_ps) / 1e6, 'f', 6).toStdString() + ".." +
      QString::number(static_cast<double>(range.to_ps) / 1e6, 'f', 6).toStdString();
  for (const Pane& pane : panes_) {
    out += " '" + pane.document->path().string() + "'";
  }
  return out;
}

void Window::copy_link() { QApplication::clipboard()->setText(text(link())); }

}  // namespace reticle::gui
