#pragma once

#include <QElapsedTimer>
#include <QImage>
#include <QWidget>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "gui/model/document.h"
#include "gui/model/flow_index.h"
#include "gui/model/marks.h"
#include "gui/model/row_layout.h"
#include "gui/model/search.h"
#include "gui/view/row_painter.h"
#include "gui/view/theme.h"

namespace reticle::gui {

// By how much a slice differs from its partner in another trace.
struct SliceDifference {
  std::size_t slice = 0;
  std::int64_t delta_ps = 0;  // positive: it takes longer here
};

// All tracks of a document in one widget. Rows are painted into a layer that is kept until range,
// size, scroll or theme change; hover, selection and flows are drawn over it.
class Timeline : public QWidget {
 public:
  explicit Timeline(Document& document);

  // To be called after Document::take(): all of it anew if it is loaded now.
  void rows_changed();

  const TimeRange& range() const { return range_; }
  void set_range(const TimeRange& range);
  // Also beyond what the trace covers, as another trace has it; on_range is not called.
  void set_linked_range(const TimeRange& range);
  void set_theme(const Theme& theme);
  const Theme& theme() const { return *theme_; }
  void fit();
  void zoom(double factor, std::optional<double> at_x = {});  // below 1: closer; x: of the rows
  void pan_pixels(double pixels);                             // positive: to later times
  void scroll_to(int y);
  int scroll() const { return scroll_; }
  // The selected slice or range: first in the middle, then across the view.
  void focus_selection();
  void back();  // to the view before the last jump, and forward again
  void forward();

  const std::optional<SliceKey>& selection() const { return selection_; }
  void select(const std::optional<SliceKey>& slice);
  void reveal(const SliceKey& slice);  // scrolls and pans to it, without a change of scale
  void select_neighbour(int step);     // 1: the next slice of the lane, -1: the one before
  void select_lane(int step);          // 1: a slice at this time in the lane below
  void follow_flow(int step);          // 1: where a flow leads, -1: where one comes from
  void choose_flow(int step);          // among several, the next one to follow
  const std::optional<TimeRange>& marked() const { return marked_; }
  void mark(const std::optional<TimeRange>& range);
  void mark_selection();
  void set_search(const Search& search);
  const Search& search() const { return search_; }
  void step_search(int step);

  // Rows that have a place; what is in collapsed groups has none.
  const std::vector<Row>& rows() const { return rows_; }
  const Arrangement& arrangement() const { return arrangement_; }
  void set_arrangement(const Arrangement& arrangement);
  void toggle(trace::TrackId group);
  void set_filter(const std::string& filter);
  void toggle_pin(const RowId& row);
  void hide_row(const RowId& row);
  void show_all_rows();
  void move_row(int step);                   // the current track, among its siblings
  std::optional<RowId> current_row() const;  // under the cursor, else of the selected slice
  void step_counter_mode();                  // of the current row: value, change, rate, sum
  void set_counter_mode(trace::CounterId counter, CounterMode mode);
  CounterMode counter_mode(trace::CounterId counter) const;
  void scale_rows(double factor);  // taller or lower than what fills the window

  const Marks& marks() const { return marks_; }
  void set_marks(const Marks& marks);
  void add_mark(bool kept);

  void set_idle_reasons(bool shown);
  bool idle_reasons() const { return idle_reasons_; }
  void set_critical_path(bool shown);
  bool critical_path() const { return critical_path_; }
  // By lane; what differs from another trace is marked under the slices.
  void set_differences(std::vector<std::vector<SliceDifference>> differences);

  // Where a slice is drawn now, of the widget; empty if its row is collapsed or not in the view.
  QRectF slice_area(const SliceKey& slice) const;
  std::optional<SliceKey> slice_at(const QPointF& position) const;
  const Gap* gap_at(const QPointF& position) const;
  std::string bound_at(std::int64_t time_ps) const;  // empty: nothing is known
  int rows_top() const;                              // below ruler and strip
  void paint_view(QPainter& painter);                // without the cursor; also as vectors
  void set_hover(std::optional<QPointF> hover);
  Scale scale() const {
    return {range_, std::max(1.0, static_cast<double>(width() - kLabelWidth))};
  }

  std::function<void()> on_selection;  // slice or range
  std::function<void()> on_range;
  std::function<void()> on_marks;
  std::function<void()> on_focus;
  std::function<void(const RowId&, const QPoint&)> on_menu;  // asked for over a label

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  bool event(QEvent* event) override;

 private:
  enum class Drag { kNone, kMaybeMark, kMark, kPan, kMaybeRow, kRow, kHeight };
  struct Place {  // of a lane, in the widget
    int y = 0;    // without the scroll
    int height = 0;
    bool pinned = false;
  };

  void lay_out();
  void changed();  // the layer is no longer right
  void remember();
  int scroll_top() const;  // where rows that scroll begin
  int screen_y(const Row& row) const;
  int screen_y(const Place& place) const;
  const Row* row_at(double y) const;
  const Row* edge_at(const QPointF& position) const;  // the row whose lower edge can be drawn there
  std::optional<Place> place(std::size_t lane) const;
  bool movement_key(int key, Qt::KeyboardModifiers modifiers);
  std::size_t first_hit_in_view() const;
  std::size_t first_slice_in_view(std::size_t lane) const;
  void drop_row(const QPointF& at);

  void paint_layer(QPainter& painter, const Canvas* canvas);  // null: vectors
  void paint_rows(QPainter& painter, bool pinned, const Canvas* canvas);
  void paint_label(QPainter& painter, const Row& row, int y);
  void paint_group_label(QPainter& painter, const Row& row, QRectF& name, int y);
  void paint_counter_label(QPainter& painter, const Row& row, const QRectF& area);
  void paint_ruler(QPainter& painter);
  void paint_grid(QPainter& painter, const Canvas* canvas);
  void paint_strip(QPainter& painter);
  void paint_gaps(QPainter& painter, const Row& row, int y);
  void paint_overlay(QPainter& painter);
  void paint_path(QPainter& painter);
  void paint_hits(QPainter& painter);
  void paint_differences(QPainter& painter);
  void paint_mark(QPainter& painter);
  void paint_marks(QPainter& painter);
  void paint_selection(QPainter& painter);
  void paint_flows(QPainter& painter, const SliceKey& of, bool faint);
  void paint_arrow(QPainter& painter, const FlowIndex::Link& link, bool chosen, bool faint);
  void paint_hover(QPainter& painter);
  void paint_tooltip(QPainter& painter, const QStringList& lines);
  const CounterView& counter_view(trace::CounterId counter) const;
  QString measured(const TimeRange& range) const;
  QStringList tooltip() const;

  Document& document_;
  const Theme* theme_ = &light_theme();
  RowPainter painter_;
  mutable CounterViews counters_;  // worked out when they are asked for
  TimeRange range_;
  bool fitted_ = true;  // shows all, also of what is yet to come
  Arrangement arrangement_;
  double row_scale_ = 1;
  std::vector<Row> rows_;
  int pinned_height_ = 0;                // of rows_
  std::map<std::size_t, Place> places_;  // by lane
  Search search_;
  std::size_t search_at_ = 0;
  int scroll_ = 0;
  std::optional<SliceKey> selection_;
  std::size_t flow_choice_ = 0;
  std::optional<TimeRange> marked_;
  Marks marks_;
  bool idle_reasons_ = true;
  bool critical_path_ = false;
  std::vector<std::vector<SliceDifference>> differences_;  // by lane
  std::vector<TimeRange> past_;
  std::vector<TimeRange> future_;
  QElapsedTimer remembered_;
  std::optional<QPointF> hover_;
  QImage layer_;
  bool layer_valid_ = false;
  bool centred_ = false;  // the selection was focussed once
  Drag drag_ = Drag::kNone;
  QPointF drag_from_;
  TimeRange drag_range_;
  int drag_scroll_ = 0;
  RowId drag_row_;
  int drag_height_ = 0;  // of the row whose edge is drawn
  double drag_scale_ = 1;
  int held_ = 0;  // repeats of a key that is held down
};

}  // namespace reticle::gui
