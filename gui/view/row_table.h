#pragma once

#include <QAbstractTableModel>
#include <QColor>
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "gui/view/text.h"
#include "gui/view/theme.h"

namespace reticle::gui {

// A table of what slices of a name come to: the name's colour, columns of text from kFirstText to
// `last_text`, then numbers. Sorted by any column.
template <class Row>
class RowTable : public QAbstractTableModel {
 public:
  static constexpr int kFirstText = 1;

  RowTable(std::vector<const char*> titles, int last_text)
      : titles_(std::move(titles)), last_text_(last_text) {}

  const std::vector<Row>& rows() const { return rows_; }

  int rowCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
  }

  int columnCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : static_cast<int>(titles_.size());
  }

  QVariant data(const QModelIndex& index, int role) const override {
    const Row& row = rows_[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole) {
      return index.column() < kFirstText ? QString() : text_of(row, index.column());
    }
    if (role == Qt::TextAlignmentRole) {
      return alignment(index.column());
    }
    if (role == Qt::BackgroundRole && index.column() < kFirstText) {
      return slice_color(name_of(row));
    }
    if (role == Qt::ToolTipRole && index.column() == kFirstText) {
      return text(name_of(row));
    }
    return {};
  }

  QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
    if (role == Qt::TextAlignmentRole) {
      return alignment(section);
    }
    return role == Qt::DisplayRole && orientation == Qt::Horizontal
               ? QVariant(titles_[static_cast<std::size_t>(section)])
               : QVariant();
  }

  void sort(int column, Qt::SortOrder order) override {
    const bool words = column >= kFirstText && column <= last_text_;
    beginResetModel();
    std::stable_sort(rows_.begin(), rows_.end(), [&](const Row& a, const Row& b) {
      const Row& low = order == Qt::AscendingOrder ? a : b;
      const Row& high = order == Qt::AscendingOrder ? b : a;
      return words ? text_of(low, column) < text_of(high, column)
                   : key(low, column) < key(high, column);
    });
    endResetModel();
  }

 protected:
  void set_rows(std::vector<Row> rows) {
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
  }

  virtual const std::string& name_of(const Row& row) const = 0;
  virtual QString text_of(const Row& row, int column) const = 0;
  virtual double key(const Row& row, int column) const = 0;  // of numbers, and of the colour

 private:
  QVariant alignment(int column) const {
    const Qt::Alignment side = column <= last_text_ ? Qt::AlignLeft : Qt::AlignRight;
    return QVariant::fromValue(side | Qt::AlignVCenter);
  }

  std::vector<const char*> titles_;
  int last_text_;
  std::vector<Row> rows_;
};

}  // namespace reticle::gui
