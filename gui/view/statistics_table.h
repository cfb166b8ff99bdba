#pragma once

#include <vector>

#include "gui/model/statistics.h"
#include "gui/view/row_table.h"

namespace reticle::gui {

// The statistics of a range, a name (and lane) a row; sorted by any column.
class StatisticsTable : public RowTable<NameStatistics> {
 public:
  enum Column {
    kColor,
    kName,
    kTrack,
    kCount,
    kTotal,
    kShare,
    kAverage,
    kMin,
    kMax,
    kP50,
    kP95,
    kP99,
    kColumns
  };

  StatisticsTable();

  // `grouped` by name alone has no track. `contents` has to last until the next call.
  void show(const Contents& contents, std::vector<NameStatistics> rows, const TimeRange& range,
            GroupBy grouped);

 protected:
  const std::string& name_of(const NameStatistics& row) const override;
  QString text_of(const NameStatistics& row, int column) const override;
  double key(const NameStatistics& row, int column) const override;

 private:
  const Contents* contents_ = nullptr;
  TimeRange range_;
  GroupBy grouped_ = GroupBy::kName;
};

}  // namespace reticle::gui
