#include "gui/view/rank_chart.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "gui/model/format.h"
#include "gui/view/text.h"

namespace reticle::gui {
namespace {

constexpr double kNameWidth = 120;
constexpr double kHead = 20;
constexpr double kFoot = 40;
constexpr double kWidest = 120;
constexpr double kTallest = 26;
constexpr double kNameHeight = 12;

}  // namespace

void RankChart::show(const RankMatrix& times, const RankMatrix& experts) {
  experts_ = !experts.columns.empty();
  matrix_ = experts_ ? experts : times;
  greatest_ = 0;
  for (std::size_t c = 0; c < matrix_.columns.size() && !matrix_.ranks.empty(); ++c) {
    greatest_ = std::max(greatest_, matrix_.greatest(c));
  }
  update();
}

QRectF RankChart::cell(std::size_t row, std::size_t column) const {
  const double wide =
      std::min(kWidest, (width() - kNameWidth - 10) / static_cast<double>(matrix_.columns.size()));
  const double tall =
      std::min(kTallest, (height() - kHead - kFoot) / static_cast<double>(matrix_.ranks.size()));
  return {kNameWidth + static_cast<double>(column) * wide, kHead + static_cast<double>(row) * tall,
          wide, tall};
}

QColor RankChart::color(std::size_t row, std::size_t column) const {
  constexpr double kBalanced = 0.01;
  const double value = matrix_.values[row][column];
  if (experts_) {
    return heat_color(greatest_ > 0 ? value / greatest_ : 0, theme());
  }
  const double mean = matrix_.mean(column);
  const double apart = mean > 0 ? value / mean - 1 : 0;
  return std::abs(apart) < kBalanced ? theme().group : difference_color(apart, theme());
}

void RankChart::paint(QPainter& painter) {
  if (matrix_.ranks.size() < 2 || matrix_.columns.empty()) {
    return say(painter, "Imbalance needs a trace of two ranks or more; this one has " +
                            QString::number(matrix_.ranks.size()) + ".");
  }
  const QRectF first = cell(0, 0);
  const auto every = static_cast<std::size_t>(kNameHeight / first.height()) + 1;  // names that fit
  for (std::size_t r = 0; r < matrix_.ranks.size(); ++r) {
    for (std::size_t c = 0; c < matrix_.columns.size(); ++c) {
      const QRectF box = cell(r, c);
      const QColor color = this->color(r, c);
      painter.fillRect(box.adjusted(0, 0, box.width() > 4 ? -1 : 0, box.height() > 4 ? -1 : 0),
                       color);
      if (box.width() > 64 && box.height() > 15) {
        painter.setPen(text_on(color));
        painter.drawText(box.adjusted(4, 0, -4, 0), Qt::AlignRight | Qt::AlignVCenter,
                         text(format_quantity(matrix_.values[r][c], matrix_.unit)));
      }
    }
    if (r % every == 0) {
      painter.setPen(theme().text);
      painter.drawText(QRectF(8, cell(r, 0).top(), kNameWidth - 14, std::max(12.0, first.height())),
                       Qt::AlignVCenter | Qt::AlignLeft, text(matrix_.ranks[r]).left(18));
    }
  }
  paint_heads(painter);
}

void RankChart::paint_heads(QPainter& painter) {
  const std::size_t last = matrix_.ranks.size() - 1;
  double free_from = 0;
  for (std::size_t c = 0; c < matrix_.columns.size(); ++c) {
    const QRectF head = cell(0, c);
    if (head.left() < free_from) {
      continue;
    }
    const double wide = std::max(head.width(), 56.0);
    free_from = head.left() + wide;
    painter.setPen(theme().text);
    painter.drawText(QRectF(head.left() + 2, 2, wide - 4, kHead - 4), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text(matrix_.columns[c]), Qt::ElideRight,
                                                      static_cast<int>(wide) - 4));
    painter.setPen(theme().faint_text);
    painter.drawText(QRectF(head.left() + 2, cell(last, c).bottom() + 2, wide - 4, 16),
                     Qt::AlignVCenter, QString::asprintf("%.3f", matrix_.imbalance(c)));
  }
  painter.setPen(theme().faint_text);
  painter.drawText(QRectF(8, cell(last, 0).bottom() + 2, kNameWidth - 14, 16), Qt::AlignVCenter,
                   "greatest/mean");
}

void RankChart::mouseMoveEvent(QMouseEvent* event) {
  setToolTip("");
  for (std::size_t r = 0; r < matrix_.ranks.size(); ++r) {
    for (std::size_t c = 0; c < matrix_.columns.size(); ++c) {
      if (cell(r, c).contains(event->position())) {
        setToolTip(text(matrix_.ranks[r] + ", " + matrix_.columns[c] + ": " +
                        format_quantity(matrix_.values[r][c], matrix_.unit) + ", mean " +
                        format_quantity(matrix_.mean(c), matrix_.unit)));
      }
    }
  }
}

}  // namespace reticle::gui
