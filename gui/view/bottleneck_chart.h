#pragma once

#include "gui/model/bottlenecks.h"
#include "gui/view/chart.h"

namespace reticle::gui {

// Left: shares of a range by what bound it. Right: each stream's time, busy and idle by reason.
class BottleneckChart : public Chart {
 public:
  void show(Bottlenecks found);
  const Bottlenecks& found() const { return found_; }

 protected:
  void paint(QPainter& painter) override;

 private:
  void paint_totals(QPainter& painter, const QRectF& area);
  void paint_streams(QPainter& painter, const QRectF& area);
  void paint_stream(QPainter& painter, const Bottlenecks::Stream& stream, const QRectF& bar);

  Bottlenecks found_;
};

}  // namespace reticle::gui
