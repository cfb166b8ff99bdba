#pragma once

#include <string>
#include <vector>

#include "gui/model/energy.h"
#include "gui/view/row_table.h"

namespace reticle::gui {

struct EnergyRow {
  std::string what;  // a counter, or slices of a name
  bool counter = false;
  std::uint64_t count = 0;  // of slices
  double joules = 0;
  double share = 0;  // of the largest counter; 0: there is none
  double mean_w = 0;
  double peak_w = 0;  // of counters
};

// Counters of power, then names of slices.
std::vector<EnergyRow> energy_rows(const Contents& contents, const TimeRange& range);

class EnergyTable : public RowTable<EnergyRow> {
 public:
  enum Column { kColor, kWhat, kCount, kJoules, kShare, kMean, kPeak, kColumns };

  EnergyTable();
  void show(std::vector<EnergyRow> rows) { set_rows(std::move(rows)); }

 protected:
  const std::string& name_of(const EnergyRow& row) const override { return row.what; }
  QString text_of(const EnergyRow& row, int column) const override;
  double key(const EnergyRow& row, int column) const override;
};

}  // namespace reticle::gui
