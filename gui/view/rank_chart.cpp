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
  parts_.clear();
  add(times, false);
  add(experts, true);
  update();
}

void RankChart::add(const RankMatrix& matrix, bool heat) {
  if (matrix.ranks.size() < 2 || matrix.columns.empty()) {
    return;
  }
  Part part{matrix, heat, 0};
  for (std::size_t c = 0; c < matrix.columns.size(); ++c) {
    part.greatest = std::max(part.greatest, matrix.greatest(c));
  }
  parts_.push_back(std::move(part));
}

double RankChart::left(std::size_t part) const {
  const double share = static_cast<double>(part) / static_cast<double>(parts_.size());
  return kNameWidth + share * width();
}

QRectF RankChart::cell(std::size_t part, std::size_t row, std::size_t column) const {
  const RankMatrix& matrix = parts_[part].matrix;
  const double room = width() / static_cast<double>(parts_.size()) - kNameWidth - 10;
  const double wide = std::min(kWidest, room / static_cast<double>(matrix.columns.size()));
  const double tall =
      std::min(kTallest, (height() - kHead - kFoot) / static_cast<double>(matrix.ranks.size()));
  return {left(part) + static_cast<double>(column) * wide, kHead + static_cast<double>(row) * tall,
          wide, tall};
}

QColor RankChart::color(const Part& part, std::size_t row, std::size_t column) const {
  constexpr double kBalanced = 0.01;
  const double value = part.matrix.values[row][column];
  if (part.heat) {
    return heat_color(part.greatest > 0 ? value / part.greatest : 0, theme());
  }
  const double mean = part.matrix.mean(column);
  const double apart = mean > 0 ? value / mean - 1 : 0;
  return std::abs(apart) < kBalanced ? theme().group : difference_color(apart, theme());
}

void RankChart::paint(QPainter& painter) {
  if (parts_.empty()) {
    return say(painter, "Imbalance needs a trace of two ranks or more.");
  }
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    paint_part(painter, part);
    paint_heads(painter, part);
  }
}

void RankChart::paint_part(QPainter& painter, std::size_t part) {
  const RankMatrix& matrix = parts_[part].matrix;
  const QRectF first = cell(part, 0, 0);
  const auto every = static_cast<std::size_t>(kNameHeight / first.height()) + 1;  // names that fit
  for (std::size_t r = 0; r < matrix.ranks.size(); ++r) {
    for (std::size_t c = 0; c < matrix.columns.size(); ++c) {
      const QRectF box = cell(part, r, c);
      const QColor color = this->color(parts_[part], r, c);
      painter.fillRect(box.adjusted(0, 0, box.width() > 4 ? -1 : 0, box.height() > 4 ? -1 : 0),
                       color);
      if (box.width() > 64 && box.height() > 15) {
        painter.setPen(text_on(color));
        painter.drawText(box.adjusted(4, 0, -4, 0), Qt::AlignRight | Qt::AlignVCenter,
                         text(format_quantity(matrix.values[r][c], matrix.unit)));
      }
    }
    if (r % every == 0) {
      painter.setPen(theme().text);
      painter.drawText(QRectF(left(part) - kNameWidth + 8, cell(part, r, 0).top(), kNameWidth - 14,
                              std::max(12.0, first.height())),
                       Qt::AlignVCenter | Qt::AlignLeft, text(matrix.ranks[r]).left(18));
    }
  }
}

void RankChart::paint_heads(QPainter& painter, std::size_t part) {
  const RankMatrix& matrix = parts_[part].matrix;
  const std::size_t last = matrix.ranks.size() - 1;
  double free_from = 0;
  for (std::size_t c = 0; c < matrix.columns.size(); ++c) {
    const QRectF head = cell(part, 0, c);
    if (head.left() < free_from) {
      continue;
    }
    const double wide = std::max(head.width(), 56.0);
    free_from = head.left() + wide;
    painter.setPen(theme().text);
    painter.drawText(QRectF(head.left() + 2, 2, wide - 4, kHead - 4), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text(matrix.columns[c]), Qt::ElideRight,
                                                      static_cast<int>(wide) - 4));
    painter.setPen(theme().faint_text);
    painter.drawText(QRectF(head.left() + 2, cell(part, last, c).bottom() + 2, wide - 4, 16),
                     Qt::AlignVCenter, QString::asprintf("%.3f", matrix.imbalance(c)));
  }
  painter.setPen(theme().faint_text);
  painter.drawText(
      QRectF(left(part) - kNameWidth + 8, cell(part, last, 0).bottom() + 2, kNameWidth - 14, 16),
      Qt::AlignVCenter, "greatest/mean");
}

void RankChart::mouseMoveEvent(QMouseEvent* event) {
  setToolTip("");
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    const RankMatrix& matrix = parts_[part].matrix;
    for (std::size_t r = 0; r < matrix.ranks.size(); ++r) {
      for (std::size_t c = 0; c < matrix.columns.size(); ++c) {
        if (cell(part, r, c).contains(event->position())) {
          setToolTip(text(matrix.ranks[r] + ", " + matrix.columns[c] + ": " +
                          format_quantity(matrix.values[r][c], matrix.unit) + ", mean " +
                          format_quantity(matrix.mean(c), matrix.unit)));
        }
      }
    }
  }
}

}  // namespace reticle::gui
