#include "gui/view/compare_panel.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPainter>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "gui/model/format.h"
#include "gui/view/tables.h"
#include "gui/view/text.h"

namespace reticle::gui {
namespace {

constexpr std::size_t kBins = 40;
constexpr int kDriftHeight = 46;
constexpr int kDriftLabel = 230;  // as wide as the timelines' labels

QColor color_a(const Theme& theme) { return theme.chart; }
QColor color_b(const Theme& theme) { return counter_color("W", theme); }

}  // namespace

void HistogramChart::show(const ComparedOperator* op) {
  name_ = op == nullptr ? "" : op->name;
  a_ = op == nullptr ? std::vector<std::int64_t>() : op->durations_a;
  b_ = op == nullptr ? std::vector<std::int64_t>() : op->durations_b;
  update();
}

void HistogramChart::paint(QPainter& painter) {
  std::vector<std::int64_t> all = a_;
  all.insert(all.end(), b_.begin(), b_.end());
  if (all.empty()) {
    return say(painter, "Choose an operator");
  }
  const auto [least, most] = std::minmax_element(all.begin(), all.end());
  // Room at both sides, also where all are equal.
  const auto low = static_cast<std::int64_t>(static_cast<double>(*least) / 1.1);
  const auto high = static_cast<std::int64_t>(static_cast<double>(*most) * 1.1) + 1;
  const auto bins_a = histogram(a_, low, high, kBins);
  const auto bins_b = histogram(b_, low, high, kBins);
  const auto top = static_cast<double>(std::max(*std::max_element(bins_a.begin(), bins_a.end()),
                                                *std::max_element(bins_b.begin(), bins_b.end())));
  paint_bars(painter, bins_a, top, color_a(theme()), true);
  paint_bars(painter, bins_b, top, color_b(theme()), false);
  const double middle = height() / 2.0;
  painter.fillRect(QRectF(10, middle, width() - 20, 1), theme().text);
  painter.setPen(theme().text);
  painter.drawText(QRectF(10, 2, width() - 20, 18), Qt::AlignLeft,
                   painter.fontMetrics().elidedText(text(name_), Qt::ElideRight, width() - 20));
  painter.setPen(color_a(theme()));
  painter.drawText(QRectF(10, 20, width() - 20, 18), Qt::AlignLeft,
                   "A  " + text(format_count(a_.size())));
  painter.setPen(color_b(theme()));
  painter.drawText(QRectF(10, height() - 38, width() - 20, 18), Qt::AlignLeft,
                   "B  " + text(format_count(b_.size())));
  painter.setPen(theme().faint_text);
  painter.drawText(QRectF(10, height() - 19, width() - 20, 17), Qt::AlignLeft,
                   text(format_duration(low)));
  painter.drawText(QRectF(10, height() - 19, width() - 20, 17), Qt::AlignRight,
                   text(format_duration(high)));
}

void HistogramChart::paint_bars(QPainter& painter, const std::vector<std::size_t>& bins,
                                double most, const QColor& color, bool upward) {
  const double middle = height() / 2.0;
  const double room = middle - 40;
  const double wide = (width() - 20.0) / static_cast<double>(bins.size());
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const double tall =
        bins[i] == 0 ? 0 : std::max(2.0, room * static_cast<double>(bins[i]) / most);
    painter.fillRect(QRectF(10 + static_cast<double>(i) * wide, upward ? middle - tall : middle + 1,
                            wide - 1, tall),
                     color);
  }
}

ComparePanel::ComparePanel() {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  auto* left = new QVBoxLayout;
  left->setContentsMargins(0, 0, 0, 0);
  auto* by_class = new QCheckBox("by class of kernel");
  by_class->setFocusPolicy(Qt::ClickFocus);
  QObject::connect(by_class, &QCheckBox::toggled, this, [this](bool on) {
    if (on_grouping) {
      on_grouping(on ? CompareBy::kClass : CompareBy::kName);
    }
  });
  view_ = new QTableView;
  make_plain(*view_);
  view_->setModel(&table_);
  view_->setSortingEnabled(true);
  view_->horizontalHeader()->setSortIndicator(CompareTable::kColumns, Qt::DescendingOrder);
  view_->horizontalHeader()->setMinimumSectionSize(14);
  view_->horizontalHeader()->setSectionResizeMode(CompareTable::kName, QHeaderView::Stretch);
  view_->setColumnWidth(CompareTable::kColor, 14);
  for (int column = CompareTable::kCountA; column < CompareTable::kColumns; ++column) {
    view_->setColumnWidth(column, column <= CompareTable::kCountB ? 66 : 92);
  }
  QObject::connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
                   [this](const QModelIndex& now) { choose(now.row()); });
  left->addWidget(view_, 1);
  left->addWidget(by_class);
  row->addLayout(left, 3);
  histogram_ = new HistogramChart;
  row->addWidget(histogram_, 1);
}

void ComparePanel::show(const Comparison& comparison) {
  table_.show(comparison.operators);
  histogram_->show(table_.row(0));
}

void ComparePanel::choose(int row) {
  const ComparedOperator* op = table_.row(row);
  histogram_->show(op);
  if (op != nullptr && on_operator) {
    on_operator(op->name);
  }
}

void ComparePanel::set_theme(const Theme& theme) { histogram_->set_theme(theme); }

void DriftChart::show(std::vector<Drift> drift) {
  drift_ = std::move(drift);
  setFixedHeight(kDriftHeight);
  update();
}

void DriftChart::paint(QPainter& painter) {
  const Scale scale = scale_of();
  painter.fillRect(QRectF(0, 0, width(), height()), theme().group);
  std::int64_t most = 1;
  const Drift* last = nullptr;  // in view
  for (const Drift& point : drift_) {
    if (point.at_ps >= scale.range.from_ps && point.at_ps < scale.range.to_ps) {
      most = std::max(most, std::abs(point.later_ps));
      last = &point;
    }
  }
  painter.setPen(theme().text);
  painter.setFont(bold(font()));
  painter.drawText(QRectF(8, 4, kDriftLabel - 16, 18), Qt::AlignVCenter, "B later than A");
  painter.setFont(font());
  painter.setPen(theme().faint_text);
  painter.drawText(QRectF(8, 22, kDriftLabel - 16, 18), Qt::AlignVCenter,
                   last == nullptr ? QString("no partners in view")
                                   : text(format_duration(last->later_ps)) + " at the end");
  const double middle = height() / 2.0;
  const double room = middle - 3;
  painter.setClipRect(QRectF(kDriftLabel, 0, width() - kDriftLabel, height()));
  painter.fillRect(QRectF(kDriftLabel, middle, width(), 1), theme().faint_text);
  for (std::size_t i = 0; i < drift_.size(); ++i) {
    const double from = scale.x(drift_[i].at_ps);
    const double to = i + 1 < drift_.size() ? scale.x(drift_[i + 1].at_ps) : from + 2;
    if (to < 0 || from > scale.width) {
      continue;
    }
    const double tall = room * static_cast<double>(drift_[i].later_ps) / static_cast<double>(most);
    painter.fillRect(QRectF(kDriftLabel + from, std::min(middle, middle - tall),
                            std::max(1.0, to - from), std::abs(tall)),
                     difference_color(drift_[i].later_ps > 0 ? 0.3 : -0.3, theme()));
  }
}

}  // namespace reticle::gui
