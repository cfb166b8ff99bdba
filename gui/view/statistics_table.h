#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "gui/model/statistics.h"

namespace reticle::gui {

// The statistics of a range, a name (and lane) a row; sorted by any column.
class StatisticsTable : public QAbstractTableModel {
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

  // `grouped` by name alone has no track. `contents` has to last until the next call.
  void show(const Contents& contents, std::vector<NameStatistics> rows, const TimeRange& range,
            GroupBy grouped);
  const std::vector<NameStatistics>& rows() const { return rows_; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  void sort(int column, Qt::SortOrder order) override;

 private:
  QString text(const NameStatistics& row, int column) const;
  double key(const NameStatistics& row, int column) const;

  const Contents* contents_ = nullptr;
  std::vector<NameStatistics> rows_;
  TimeRange range_;
  GroupBy grouped_ = GroupBy::kName;
};

}  // namespace reticle::gui
