#include <algorithm>
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

void CompareTable::show(std::vector<ComparedOperator> rows) {
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

const ComparedOperator* CompareTable::row(int at) const {
  return at >= 0 && at < rowCount() ? &rows_[static_cast<std::size_t>(at)] : nullptr;
}

int CompareTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int CompareTable::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(kColumns);
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
    case kColor:
      return {};
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

QVariant CompareTable::data(const QModelIndex& index, int role) const {
  const ComparedOperator& op = rows_[static_cast<std::size_t>(index.row())];
  if (role == Qt::DisplayRole) {
    return text_of(op, index.column());
  }
  if (role == Qt::TextAlignmentRole) {
    return QVariant::fromValue((index.column() <= kName ? Qt::AlignLeft : Qt::AlignRight) |
                               Qt::AlignVCenter);
  }
  if (role == Qt::BackgroundRole && index.column() == kColor) {
    return slice_color(op.name);
  }
  if (role == Qt::ToolTipRole && index.column() == kName) {
    return text(op.name);
  }
  return {};
}

QVariant CompareTable::headerData(int section, Qt::Orientation orientation, int role) const {
  static const char* const kTitles[] = {"",        "Operator", "Count A", "Count B", "Total A",
                                        "Total B", "B - A",    "B / A",   "Mean A",  "Mean B"};
  if (role == Qt::TextAlignmentRole) {
    return QVariant::fromValue((section <= kName ? Qt::AlignLeft : Qt::AlignRight) |
                               Qt::AlignVCenter);
  }
  return role == Qt::DisplayRole && orientation == Qt::Horizontal ? QVariant(kTitles[section])
                                                                  : QVariant();
}

void CompareTable::sort(int column, Qt::SortOrder order) {
  beginResetModel();
  std::stable_sort(rows_.begin(), rows_.end(), [&](const auto& a, const auto& b) {
    const auto& low = order == Qt::AscendingOrder ? a : b;
    const auto& high = order == Qt::AscendingOrder ? b : a;
    return column == kName ? low.name < high.name : key(low, column) < key(high, column);
  });
  endResetModel();
}

}  // namespace reticle::gui
