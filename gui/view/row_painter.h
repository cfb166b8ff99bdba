#pragma once

#include <QImage>
#include <QPainter>
#include <unordered_map>
#include <vector>

#include "gui/model/document.h"
#include "gui/model/lane_geometry.h"
#include "gui/model/row_layout.h"
#include "gui/model/search.h"
#include "gui/view/theme.h"

namespace reticle::gui {

// Where things are in the timeline, in pixels.
constexpr int kLabelWidth = 230;
constexpr int kRulerHeight = 40;
constexpr int kLaneBorder = 1;    // above and below a slice
constexpr int kStripHeight = 22;  // what bound each moment, below the ruler
constexpr int kPinnedBorder = 6;  // below pinned rows

// Paints rows without hover and selection. Geometry is kept from picture to picture as long as the
// scale stays.
class RowPainter {
 public:
  explicit RowPainter(const Document& document) : document_(document) {}

  void set_scale(const Scale& scale);
  // To be called when rows were loaded.
  void forget();

  struct Way {
    int y = 0;             // where the row is in the picture
    bool vectors = false;  // boxes as rectangles, not pixels
  };
  void paint(QPainter& painter, const Row& row, const Way& way, const Theme& theme,
             const Search& search);

 private:
  struct Span {  // of a lane on the screen
    int y;
    int height;
  };

  const LaneGeometry& geometry(std::size_t lane);
  const QString& label(std::uint32_t name);
  QRgb color(std::uint32_t name, const Theme& theme, const Search& search);
  void paint_group(QPainter& painter, const Row& row, int y, const Theme& theme);
  void paint_share(QPainter& painter, const Row& row, int y, const Theme& theme);
  void paint_lane(QPainter& painter, std::size_t lane, Span at, const Theme& theme,
                  const Search& search);
  void paint_lane_vectors(QPainter& painter, std::size_t lane, Span at, const Theme& theme,
                          const Search& search);
  std::uint32_t name(std::size_t lane, const Box& box);
  void fill_columns(const std::vector<Column>& columns, QRgb* line, const Theme& theme,
                    const Search& search);
  void fill_box(const Box& box, std::uint32_t name, QRgb* line, const Theme& theme,
                const Search& search);
  void paint_label(QPainter& painter, const Box& box, std::uint32_t name, Span at,
                   const Theme& theme, const Search& search);
  void paint_counter(QPainter& painter, const Row& row, int y, const Theme& theme);

  const Document& document_;
  Scale scale_;
  std::unordered_map<std::size_t, LaneGeometry> geometry_;  // by lane
  std::unordered_map<std::uint32_t, QString> labels_;       // by name
  std::vector<QRgb> colors_;                                // by name; 0: not yet known
};

}  // namespace reticle::gui
