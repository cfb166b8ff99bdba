#pragma once

#include <QWidget>
#include <functional>

#include "gui/model/comparison.h"
#include "gui/view/chart.h"
#include "gui/view/row_table.h"

class QTableView;

namespace reticle::gui {

// Operators of two traces, A and B, a row each; sorted by any column.
class CompareTable : public RowTable<ComparedOperator> {
 public:
  enum Column {
    kColor,
    kName,
    kCountA,
    kCountB,
    kTotalA,
    kTotalB,
    kDifference,
    kRatio,
    kMeanA,
    kMeanB,
    kColumns
  };

  CompareTable();

  void show(std::vector<ComparedOperator> rows) { set_rows(std::move(rows)); }
  const ComparedOperator* row(int at) const;

 protected:
  const std::string& name_of(const ComparedOperator& op) const override { return op.name; }
  QString text_of(const ComparedOperator& op, int column) const override;
  double key(const ComparedOperator& op, int column) const override;
};

// How long an operator takes in A and in B: two histograms on one axis of time.
class HistogramChart : public Chart {
 public:
  void show(const ComparedOperator* op);

 protected:
  void paint(QPainter& painter) override;

 private:
  void paint_bars(QPainter& painter, const std::vector<std::size_t>& bins, double most,
                  const QColor& color, bool upward);

  std::string name_;
  std::vector<std::int64_t> a_;
  std::vector<std::int64_t> b_;
};

// The table, and the histogram of its current row.
class ComparePanel : public QWidget {
 public:
  ComparePanel();
  void show(const Comparison& comparison);
  void set_theme(const Theme& theme);
  CompareTable& table() { return table_; }
  void choose(int row);

  std::function<void(CompareBy)> on_grouping;
  std::function<void(const std::string&)> on_operator;  // chosen by the user

 private:
  CompareTable table_;
  QTableView* view_ = nullptr;
  HistogramChart* histogram_ = nullptr;
};

// Between two timelines: how much later B is than A, by A's time.
class DriftChart : public Chart {
 public:
  void show(std::vector<Drift> drift);
  std::function<Scale()> scale_of;  // the timelines'
  const std::vector<Drift>& drift() const { return drift_; }

 protected:
  void paint(QPainter& painter) override;

 private:
  std::vector<Drift> drift_;
};

}  // namespace reticle::gui
