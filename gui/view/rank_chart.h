#pragma once

#include <vector>

#include "gui/model/ranks.h"
#include "gui/view/chart.h"

namespace reticle::gui {

// Ranks as rows. Left: the time of operators as its distance from the column's mean (red-orange is
// longer, blue shorter); right, or alone: the load of experts as heat. Below a column its
// imbalance, greatest over mean.
class RankChart : public Chart {
 public:
  void show(const RankMatrix& times, const RankMatrix& experts);
  // What is shown, from left to right.
  std::size_t parts() const { return parts_.size(); }
  const RankMatrix& matrix(std::size_t part) const { return parts_[part].matrix; }
  QRectF cell(std::size_t part, std::size_t row, std::size_t column) const;

 protected:
  void paint(QPainter& painter) override;
  void mouseMoveEvent(QMouseEvent* event) override;

 private:
  struct Part {
    RankMatrix matrix;
    bool heat = false;
    double greatest = 0;  // of all, for heat
  };

  void add(const RankMatrix& matrix, bool heat);
  double left(std::size_t part) const;
  QColor color(const Part& part, std::size_t row, std::size_t column) const;
  void paint_part(QPainter& painter, std::size_t part);
  void paint_heads(QPainter& painter, std::size_t part);

  std::vector<Part> parts_;
};

}  // namespace reticle::gui
