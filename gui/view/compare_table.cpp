#include <cmath>

#include "gui/model/format.h"
#include "gui/view/compare_panel.h"
#include "gui/view/text.h"

namespace reticle::gui {
namespace {

QString duration(double ps) { return text(format_duration(std::llround(ps))); }

double mean(std::int64_t total_ps, std::uint64_t count) {
  return count == 0 ? 0 : static_cast<double>(total_ps) / static_cast<double>(count);
}

}  // namespace

CompareTable::CompareTable()
    : RowTable({"", "Operator", "Count A", "Count B", "Total A", "Total B", "B - A", "B / A",
                "Mean A", "Mean B"},
               kName) {}

const ComparedOperator* CompareTable::row(int at) const {
  return at >= 0 && at < rowCount() ? &rows()[static_cast<std::size_t>(at)] : nullptr;
}

double CompareTable::key(const ComparedOperator& op, int column) const {
  switch (column) {
    case kCountA:
      return static_cast<double>(op.count_a);
    case kCountB:
      return static_cast<double>(op.count_b);
    case kTotalA:
      return static_cast<double>(op.total_a_ps);
    case kTotalB:
      return static_cast<double>(op.total_b_ps);
    case kMeanA:
      return mean(op.total_a_ps, op.count_a);
    case kMeanB:
      return mean(op.total_b_ps, op.count_b);
    case kRatio:
      return op.total_a_ps == 0
                 ? 0
                 : static_cast<double>(op.total_b_ps) / static_cast<double>(op.total_a_ps);
    default:
      return static_cast<double>(op.difference_ps());
  }
}

QString CompareTable::text_of(const ComparedOperator& op, int column) const {
  switch (column) {
    case kName:
      return shown_name(op.name);
    case kCountA:
      return text(format_count(op.count_a));
    case kCountB:
      return text(format_count(op.count_b));
    case kRatio:
      return op.count_a == 0   ? QString("only B")
             : op.count_b == 0 ? QString("only A")
                               : QString::asprintf("%+.1f %%", 100 * (key(op, column) - 1));
    case kDifference:
      return (op.difference_ps() > 0 ? "+" : "") + duration(key(op, column));
    default:
      return duration(key(op, column));
  }
}

}  // namespace reticle::gui
