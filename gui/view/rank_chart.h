#pragma once

#include "gui/model/ranks.h"
#include "gui/view/chart.h"

namespace reticle::gui {

// Ranks as rows. Of experts the load as heat; of operators the time as its distance from the
// column's mean: red-orange is longer, blue shorter. Below a column its imbalance, greatest over
// mean.
class RankChart : public Chart {
 public:
  void show(const RankMatrix& times, const RankMatrix& experts);
  const RankMatrix& matrix() const { return matrix_; }
  QRectF cell(std::size_t row, std::size_t column) const;

 protected:
  void paint(QPainter& painter) override;
  void mouseMoveEvent(QMouseEvent* event) override;

 private:
  QColor color(std::size_t row, std::size_t column) const;
  void paint_heads(QPainter& painter);

  RankMatrix matrix_;
  double greatest_ = 0;  // of all, for experts
  bool experts_ = false;
};

}  // namespace reticle::gui
