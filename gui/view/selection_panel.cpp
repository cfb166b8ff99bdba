#include "gui/view/selection_panel.h"

#include <QHeaderView>
#include <algorithm>

#include "gui/model/format.h"
#include "gui/model/slice_args.h"
#include "gui/view/tables.h"
#include "gui/view/text.h"

namespace reticle::gui {
namespace {

constexpr std::size_t kMostFlows = 200;  // each way

}  // namespace

SelectionPanel::SelectionPanel() : QTableWidget(0, 2) {
  make_plain(*this);
  horizontalHeader()->hide();
  horizontalHeader()->setStretchLastSection(true);
  setColumnWidth(0, kLabelWidth);
}

void SelectionPanel::show_slice(const Document& document, const std::optional<SliceKey>& slice) {
  setRowCount(0);
  if (!slice) {
    return add("Nothing selected", "Click a slice; ? lists the keys");
  }
  const Contents& contents = document.contents();
  const Lane& lane = contents.data.lanes[slice->lane];
  add("name", text(contents.name(*slice)));
  add("track", text(track_path(contents.summary, contents.index.track(slice->lane))));
  add("start", text(format_duration(lane.start_ps(slice->slice))));
  add("duration", text(format_duration(lane.duration_ps(slice->slice))));
  for (const auto& [name, value] : slice_arguments(contents, *slice)) {
    add(text(name), text(value));
  }
  add_flows(document, document.flows().to(*slice), "waited for", &FlowIndex::Link::from);
  add_flows(document, document.flows().from(*slice), "leads to", &FlowIndex::Link::to);
}

QStringList SelectionPanel::lines() const {
  QStringList out;
  for (int row = 0; row < rowCount(); ++row) {
    out << item(row, 0)->text() + ": " + item(row, 1)->text();
  }
  return out;
}

void SelectionPanel::add(const QString& key, const QString& value) {
  const int row = rowCount();
  insertRow(row);
  setItem(row, 0, new QTableWidgetItem(key));
  auto* cell = new QTableWidgetItem(value);
  cell->setToolTip(value);
  setItem(row, 1, cell);
}

void SelectionPanel::add_flows(const Document& document, const std::vector<FlowIndex::Link>& links,
                               const QString& what, SliceKey FlowIndex::Link::*end) {
  for (std::size_t i = 0; i < std::min(links.size(), kMostFlows); ++i) {
    add(what, text(document.contents().name(links[i].*end)));
  }
  if (links.size() > kMostFlows) {
    add(what, "and " + text(format_count(links.size() - kMostFlows)) + " more");
  }
}

}  // namespace reticle::gui
