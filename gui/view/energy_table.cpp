#include "gui/view/energy_table.h"

#include <algorithm>

#include "gui/model/format.h"

namespace reticle::gui {

std::vector<EnergyRow> energy_rows(const Contents& contents, const TimeRange& range) {
  std::vector<EnergyRow> out;
  double most = 0;
  for (const CounterEnergy& counter : counter_energy(contents, range)) {
    out.push_back({counter.counter, true, 0, counter.joules, 0, counter.mean_w, counter.max_w});
    most = std::max(most, counter.joules);
  }
  for (const NameEnergy& name : name_energy(contents, range)) {
    out.push_back({contents.summary.strings.at(name.name), false, name.count, name.joules, 0,
                   name.seconds > 0 ? name.joules / name.seconds : 0, 0});
  }
  for (EnergyRow& row : out) {
    row.share = most > 0 ? row.joules / most : 0;
  }
  return out;
}

EnergyTable::EnergyTable()
    : RowTable({"", "What", "Count", "Energy", "Share", "Mean power", "Peak power"}, kWhat) {}

double EnergyTable::key(const EnergyRow& row, int column) const {
  switch (column) {
    case kCount:
      return static_cast<double>(row.count);
    case kMean:
      return row.mean_w;
    case kPeak:
      return row.peak_w;
    default:
      return row.joules;
  }
}

QString EnergyTable::text_of(const EnergyRow& row, int column) const {
  switch (column) {
    case kWhat:
      return shown_name(row.what);
    case kCount:
      return row.counter ? QString() : text(format_count(row.count));
    case kJoules:
      return text(format_quantity(row.joules, "J"));
    case kShare:
      return row.share > 0 ? QString::asprintf("%.1f %%", 100 * row.share) : QString();
    case kMean:
      return row.mean_w > 0 ? text(format_quantity(row.mean_w, "W")) : QString();
    default:
      return row.counter ? text(format_quantity(row.peak_w, "W")) : QString();
  }
}

}  // namespace reticle::gui
