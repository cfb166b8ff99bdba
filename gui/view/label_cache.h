#pragma once

#include <QFont>
#include <QImage>
#include <QString>
#include <unordered_map>
#include <vector>

#include "gui/view/canvas.h"

namespace reticle::gui {

// Labels as pictures: a text is laid out once and then copied, as far as there is room.
class LabelCache {
 public:
  // Of all labels from now on.
  void set_font(const QFont& font, double ratio);

  struct Place {  // device pixels
    int x = 0;
    int y = 0;  // of the label's upper edge
    int room = 0;
    int top = 0;  // nothing is drawn above
    QRgb color = 0;
  };
  // The label of `name`, with dots at its end if there is too little room; nothing if not even a
  // few letters fit. `text` is called for the first time only.
  template <class Text>
  void draw(const Canvas& canvas, std::uint32_t name, const Text& text, const Place& place) {
    auto known = labels_.find(name);
    if (known == labels_.end()) {
      known = labels_.emplace(name, made(text())).first;
    }
    draw(canvas, known->second, place);
  }
  int height() const { return height_; }  // of a label, device pixels

 private:
  struct Label {
    QImage mask;            // how much of a pixel the text covers
    std::vector<int> ends;  // right edge of each letter, device pixels
  };
  Label made(const QString& text) const;
  void draw(const Canvas& canvas, const Label& label, const Place& place) const;

  QFont font_;
  double ratio_ = 0;
  int height_ = 0;
  Label dots_;
  std::unordered_map<std::uint32_t, Label> labels_;
};

}  // namespace reticle::gui
