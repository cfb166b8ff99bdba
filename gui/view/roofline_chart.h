#pragma once

#include <optional>

#include "gui/model/roofline.h"
#include "gui/view/chart.h"

namespace reticle::gui {

// Kernels by operations a byte and operations a second, below the roofs of the chip; area by time.
class RooflineChart : public Chart {
 public:
  void show(const trace::Summary& summary, const Roofline& roofline);
  void select(std::optional<std::uint32_t> name);  // outlines it
  const Roofline& roofline() const { return roofline_; }
  // Where a point is drawn.
  QPointF place(const RooflinePoint& point) const;

 protected:
  void paint(QPainter& painter) override;
  void mouseMoveEvent(QMouseEvent* event) override;

 private:
  struct Axis {  // decades
    double low = 0;
    double high = 1;
  };
  QRectF area() const;
  double x(double intensity) const;
  double y(double per_second) const;
  double radius(const RooflinePoint& point) const;
  void paint_grid(QPainter& painter);
  void paint_roofs(QPainter& painter);
  void paint_points(QPainter& painter);
  void paint_list(QPainter& painter);

  std::vector<QString> names_;   // of the points
  std::vector<QString> labels_;  // their short forms
  Roofline roofline_;
  std::optional<std::uint32_t> selected_;
  Axis across_;
  Axis up_;
  int hovered_ = -1;
};

}  // namespace reticle::gui
