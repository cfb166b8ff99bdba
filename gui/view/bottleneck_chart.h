#pragma once

#include <string>
#include <vector>

#include "gui/model/document.h"
#include "gui/view/chart.h"

namespace reticle::gui {

// Left: shares of a range by what bound it. Right: each stream's time, busy and idle by reason.
class BottleneckChart : public Chart {
 public:
  void show(const Document& document, const TimeRange& range);

  struct Stream {
    std::string name;
    std::int64_t busy_ps = 0;
    std::vector<std::int64_t> idle_ps;  // by WaitReason
  };
  const std::vector<std::pair<std::string, std::int64_t>>& totals() const { return totals_; }
  const std::vector<Stream>& streams() const { return streams_; }

 protected:
  void paint(QPainter& painter) override;

 private:
  void paint_totals(QPainter& painter, const QRectF& area);
  void paint_streams(QPainter& painter, const QRectF& area);
  void paint_stream(QPainter& painter, const Stream& stream, const QRectF& bar);

  TimeRange range_;
  std::vector<std::pair<std::string, std::int64_t>> totals_;
  std::vector<Stream> streams_;
};

}  // namespace reticle::gui
