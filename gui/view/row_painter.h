#pragma once

#include <QPainter>
#include <map>
#include <vector>

#include "gui/model/document.h"
#include "gui/model/lane_geometry.h"
#include "gui/model/row_layout.h"
#include "gui/model/search.h"
#include "gui/view/canvas.h"
#include "gui/view/label_cache.h"
#include "gui/view/theme.h"

namespace reticle::gui {

// Where things are in the timeline, in pixels.
constexpr int kLabelWidth = 230;
constexpr int kRulerHeight = 40;
constexpr int kLaneBorder = 1;    // above and below a slice
constexpr int kStripHeight = 22;  // what bound each moment, below the ruler
constexpr int kPinnedBorder = 6;  // below pinned rows

// Paints rows without hover and selection.
class RowPainter {
 public:
  explicit RowPainter(const Document& document) : document_(document) {}

  // What is needed from here on, until it is called again.
  void set_look(const Scale& scale, const QFont& font, const Theme& theme, const Search& search);
  // To be called when rows were loaded, or the theme or the search have changed.
  void forget();

  struct Way {
    int y = 0;                             // where the row is in the picture
    int top = 0;                           // nothing is painted above
    const Canvas* canvas = nullptr;        // the painter's picture; null: boxes as vectors
    const CounterView* counter = nullptr;  // of a row of one
  };
  void paint(QPainter& painter, const Row& row, const Way& way);

 private:
  struct Span {  // of a lane, pixels
    int y;
    int height;
  };

  QString label(std::uint32_t name) const;
  QRgb color(std::uint32_t name);
  QRgb ink(std::uint32_t name);  // of letters on it
  void paint_group(QPainter& painter, const Row& row, const Way& way);
  const std::vector<double>& share_of(const Row& row, int columns);
  void paint_lane(const Canvas& canvas, std::size_t lane, Span at, int top);
  void paint_labels(const Canvas& canvas, std::size_t lane, Span at, int top);
  void paint_lane_vectors(QPainter& painter, std::size_t lane, Span at);
  void fill_line(std::size_t lane, const Scale& scale);
  void fill_columns();
  void fill_box(const Box& box, std::uint32_t name);
  void paint_label(QPainter& painter, const Box& box, std::uint32_t name, Span at);
  void paint_counter(QPainter& painter, const Row& row, const Way& way);

  const Document& document_;
  Scale scale_;
  QFont font_;
  const Theme* theme_ = nullptr;
  const Search* search_ = nullptr;
  std::vector<QRgb> colors_;  // by name, as the search has it; 0: not yet known
  std::vector<QRgb> inks_;
  std::map<std::uint32_t, std::vector<double>> shares_;  // by group, at this scale
  LabelCache labels_;
  LaneGeometry geometry_;   // of the lane that is painted
  std::vector<QRgb> line_;  // of its pixels
};

}  // namespace reticle::gui
