#include "gui/view/statistics_table.h"

#include <algorithm>
#include <cmath>

#include "gui/model/format.h"
#include "gui/view/text.h"
#include "gui/view/theme.h"

namespace reticle::gui {
namespace {

QVariant alignment(int column) {
  const Qt::Alignment side = column <= StatisticsTable::kTrack ? Qt::AlignLeft : Qt::AlignRight;
  return QVariant::fromValue(side | Qt::AlignVCenter);
}

}  // namespace

void StatisticsTable::show(const Contents& contents, std::vector<NameStatistics> rows,
                           const TimeRange& range, GroupBy grouped) {
  beginResetModel();
  contents_ = &contents;
  rows_ = std::move(rows);
  range_ = range;
  grouped_ = grouped;
  endResetModel();
}

int StatisticsTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int StatisticsTable::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(kColumns);
}

double StatisticsTable::key(const NameStatistics& row, int column) const {
  switch (column) {
    case kCount:
      return static_cast<double>(row.count);
    case kAverage:
      return row.average_ps();
    case kMin:
      return static_cast<double>(row.min_ps);
    case kMax:
      return static_cast<double>(row.max_ps);
    case kP50:
      return static_cast<double>(row.p50_ps);
    case kP95:
      return static_cast<double>(row.p95_ps);
    case kP99:
      return static_cast<double>(row.p99_ps);
    default:
      return static_cast<double>(row.total_ps);
  }
}

QString StatisticsTable::text(const NameStatistics& row, int column) const {
  switch (column) {
    case kColor:
      return {};
    case kName:
      return shown_name(contents_->summary.strings.at(row.name));
    case kTrack:
      return grouped_ == GroupBy::kName
                 ? QString("all")
                 : QString::fromStdString(
                       track_path(contents_->summary, contents_->index.track(row.lane)));
    case kCount:
      return QString::fromStdString(format_count(row.count));
    case kShare:
      return QString::asprintf("%.2f %%", 100 * static_cast<double>(row.total_ps) /
                                              static_cast<double>(range_.length_ps()));
    default:
      return QString::fromStdString(format_duration(std::llround(key(row, column))));
  }
}

QVariant StatisticsTable::data(const QModelIndex& index, int role) const {
  const NameStatistics& row = rows_[static_cast<std::size_t>(index.row())];
  if (role == Qt::DisplayRole) {
    return text(row, index.column());
  }
  if (role == Qt::TextAlignmentRole) {
    return alignment(index.column());
  }
  if (role == Qt::BackgroundRole && index.column() == kColor) {
    return slice_color(contents_->summary.strings.at(row.name));
  }
  return {};
}

QVariant StatisticsTable::headerData(int section, Qt::Orientation orientation, int role) const {
  static const char* const kTitles[] = {"",        "Name", "Track", "Count", "Total", "% of range",
                                        "Average", "Min",  "Max",   "P50",   "P95",   "P99"};
  if (role == Qt::TextAlignmentRole) {
    return alignment(section);
  }
  if (role != Qt::DisplayRole || orientation != Qt::Horizontal) {
    return {};
  }
  return QString(kTitles[section]);
}

void StatisticsTable::sort(int column, Qt::SortOrder order) {
  beginResetModel();
  std::stable_sort(rows_.begin(), rows_.end(), [&](const auto& a, const auto& b) {
    const auto& low = order == Qt::AscendingOrder ? a : b;
    const auto& high = order == Qt::AscendingOrder ? b : a;
    return column == kName || column == kTrack ? text(low, column) < text(high, column)
                                               : key(low, column) < key(high, column);
  });
  endResetModel();
}

}  // namespace reticle::gui
