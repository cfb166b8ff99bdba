#pragma once

#include <QImage>
#include <QWidget>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "gui/model/document.h"
#include "gui/model/flow_index.h"
#include "gui/model/row_layout.h"
#include "gui/model/search.h"
#include "gui/view/row_painter.h"
#include "gui/view/theme.h"

namespace reticle::gui {

// All tracks of a document in one widget. Rows are painted into a layer that is kept until range,
// size, scroll or theme change; hover, selection and flows are drawn over it.
class Timeline : public QWidget {
 public:
  explicit Timeline(Document& document);

  // To be called once the document is loaded.
  void show_loaded();

  const TimeRange& range() const { return range_; }
  void set_range(const TimeRange& range);
  void set_theme(const Theme& theme);
  void fit() { set_range(with_margin(document_.whole())); }
  void zoom(double factor, std::optional<double> at_x = {});  // below 1: closer; x: of the rows
  void pan_pixels(double pixels);                             // positive: to later times
  void scroll_to(int y);
  int scroll() const { return scroll_; }
  // The selected slice or range: first in the middle, then across the view.
  void focus_selection();

  const std::optional<SliceKey>& selection() const { return selection_; }
  void select(const std::optional<SliceKey>& slice);
  void select_neighbour(int step);  // 1: the next slice of the lane, -1: the one before
  void follow_flow(int step);       // 1: where a flow leads, -1: where one comes from
  const std::optional<TimeRange>& marked() const { return marked_; }
  void mark(const std::optional<TimeRange>& range);
  void mark_selection();
  void set_search(const Search& search);
  const Search& search() const { return search_; }
  void step_search(int step);
  const FlowIndex& flows() const { return flows_; }

  // Lanes that have a place, also within collapsed groups.
  const std::vector<Row>& rows() const { return rows_; }
  void toggle(trace::TrackId group);
  // Where a slice is drawn now, of the widget; empty if its row is collapsed or not in the view.
  QRectF slice_area(const SliceKey& slice) const;
  std::optional<SliceKey> slice_at(const QPointF& position) const;
  void set_help(bool shown);
  bool help() const { return help_; }

  std::function<void()> on_selection;  // slice or range
  std::function<void()> on_range;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  enum class Drag { kNone, kMaybeMark, kMark, kPan };
  struct Place {  // of a lane
    int y = 0;    // from the top of all rows
    int height = 0;
  };

  Scale scale() const {
    return {range_, std::max(1.0, static_cast<double>(width() - kLabelWidth))};
  }
  void lay_out();
  void changed();  // the layer is no longer right
  void reveal(const SliceKey& slice);
  const Row* row_at(double y) const;
  std::optional<Place> place(std::size_t lane) const;
  bool command_key(int key, Qt::KeyboardModifiers modifiers);
  bool movement_key(int key, Qt::KeyboardModifiers modifiers);

  std::size_t first_hit_in_view() const;

  void paint_layer();
  void paint_label(QPainter& painter, const Row& row, int y);
  void paint_counter_label(QPainter& painter, const Row& row, const QRectF& area);
  void paint_ruler(QPainter& painter);
  void paint_grid(QPainter& painter);
  void paint_mark(QPainter& painter);
  void paint_selection(QPainter& painter);
  void paint_flows(QPainter& painter);
  void paint_arrow(QPainter& painter, const FlowIndex::Link& link);
  void paint_hover(QPainter& painter);
  void paint_tooltip(QPainter& painter, const QStringList& lines);
  void paint_help(QPainter& painter);
  QStringList tooltip() const;

  Document& document_;
  const Theme* theme_ = &light_theme();
  RowPainter painter_;
  TimeRange range_;
  std::set<std::uint32_t> collapsed_;  // tracks
  std::vector<Row> rows_;
  std::map<std::size_t, Place> places_;  // by lane
  FlowIndex flows_;
  Search search_;
  std::size_t search_at_ = 0;
  int scroll_ = 0;
  std::optional<SliceKey> selection_;
  std::optional<TimeRange> marked_;
  std::optional<QPointF> hover_;
  QImage layer_;
  bool layer_valid_ = false;
  bool centred_ = false;  // the selection was focussed once
  bool help_ = false;
  Drag drag_ = Drag::kNone;
  QPointF drag_from_;
  TimeRange drag_range_;
  int drag_scroll_ = 0;
};

}  // namespace reticle::gui
