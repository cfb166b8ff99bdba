#include "gui/view/statistics_table.h"

#include <cmath>

#include "gui/model/format.h"
#include "gui/view/text.h"

namespace reticle::gui {

StatisticsTable::StatisticsTable()
    : RowTable({"", "Name", "Track", "Count", "Total", "% of range", "Average", "Min", "Max", "P50",
                "P95", "P99"},
               kTrack) {}

void StatisticsTable::show(const Contents& contents, std::vector<NameStatistics> rows,
                           const TimeRange& range, GroupBy grouped) {
  contents_ = &contents;
  range_ = range;
  grouped_ = grouped;
  set_rows(std::move(rows));
}

const std::string& StatisticsTable::name_of(const NameStatistics& row) const {
  return contents_->summary.strings.at(row.name);
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

QString StatisticsTable::text_of(const NameStatistics& row, int column) const {
  switch (column) {
    case kName:
      return shown_name(name_of(row));
    case kTrack:
      return grouped_ == GroupBy::kName
                 ? QString("all")
                 : text(track_path(contents_->summary, contents_->index.track(row.lane)));
    case kCount:
      return text(format_count(row.count));
    case kShare:
      return QString::asprintf("%.2f %%", 100 * static_cast<double>(row.total_ps) /
                                              static_cast<double>(range_.length_ps()));
    default:
      return text(format_duration(std::llround(key(row, column))));
  }
}

}  // namespace reticle::gui
