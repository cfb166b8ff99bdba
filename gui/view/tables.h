#pragma once

#include <QTableView>

namespace reticle::gui {

// Rows to read, without a grid.
void make_plain(QTableView& table);

}  // namespace reticle::gui
