#include <QLabel>
#include <QLineEdit>

#include "gui/model/format.h"
#include "gui/view/text.h"
#include "gui/view/window.h"

namespace reticle::gui {

void Window::show_search() {
  const Query query(search_->text().toStdString());
  std::size_t count = 0;
  for (Pane& pane : panes_) {
    pane.timeline->set_search(Search(pane.document->contents(), query));
    count += pane.timeline->search().count();
  }
  hits_->setText(!query.error().empty() ? text(query.error())
                 : query.empty()        ? QString()
                                        : text(format_count(count)) + " hits");
  panels_->range_changed();
}

void Window::find(const QString& wanted) {
  search_->setText(wanted);
  now().step_search(1);
}

void Window::filter_tracks(const QString& wanted) { filter_->setText(wanted); }

bool Window::select(const QString& wanted) {
  const Document& document = *panes_[active_].document;
  const Search found(document.contents(), Query(wanted.toStdString()));
  for (const SliceKey& hit : found.hits()) {
    const std::int64_t start = document.data().lanes[hit.lane].start_ps(hit.slice);
    if (start >= now().range().from_ps && start < now().range().to_ps) {
      now().select(hit);
      return true;
    }
  }
  return false;
}

}  // namespace reticle::gui
