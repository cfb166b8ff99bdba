#include "gui/view/tables.h"

#include <QHeaderView>

namespace reticle::gui {
namespace {

constexpr int kRowHeight = 21;

}  // namespace

void make_plain(QTableView& table) {
  table.setAlternatingRowColors(true);
  table.setShowGrid(false);
  table.setWordWrap(false);
  table.setEditTriggers(QAbstractItemView::NoEditTriggers);
  table.setSelectionBehavior(QAbstractItemView::SelectRows);
  table.setFrameShape(QFrame::NoFrame);
  table.verticalHeader()->hide();
  table.verticalHeader()->setDefaultSectionSize(kRowHeight);
}

}  // namespace reticle::gui
