#include "gui/view/label_cache.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QTextLayout>
#include <algorithm>
#include <cmath>

namespace reticle::gui {
namespace {

constexpr std::size_t kMostLabels = 5000;
constexpr int kLongestLabel = 200;        // letters
constexpr std::size_t kLeastLetters = 3;  // before the dots: less says nothing

// Columns 0 to `width` of a mask.
void blend(const Canvas& canvas, const QImage& mask, int width, const LabelCache::Place& at) {
  const int left = std::max(0, -at.x);
  const int right = std::min({width, mask.width(), canvas.width() - at.x});
  for (int y = std::max(0, at.top - at.y); y < mask.height() && at.y + y < canvas.height(); ++y) {
    const uchar* cover = mask.constScanLine(y);
    QRgb* line = canvas.line(at.y + y);
    for (int x = left; x < right; ++x) {
      if (cover[x] != 0) {
        line[at.x + x] = blended(at.color, line[at.x + x], cover[x] / 255.0);
      }
    }
  }
}

}  // namespace

void LabelCache::set_font(const QFont& font, double ratio) {
  if (ratio != ratio_ || font != font_) {
    font_ = font;
    ratio_ = ratio;
    height_ = static_cast<int>(std::ceil(QFontMetricsF(font).height() * ratio));
    labels_.clear();
    dots_ = made(QString(QChar(0x2026)));
  } else if (labels_.size() > kMostLabels) {
    labels_.clear();
  }
}

LabelCache::Label LabelCache::made(const QString& text) const {
  const QString shown = text.left(kLongestLabel);
  QTextLayout layout(shown, font_);
  layout.beginLayout();
  const QTextLine line = layout.createLine();
  layout.endLayout();
  Label label;
  for (int i = 1; i <= shown.size(); ++i) {
    label.ends.push_back(static_cast<int>(std::ceil(line.cursorToX(i) * ratio_)));
  }
  const int width = label.ends.empty() ? 1 : label.ends.back() + 1;  // letters may lean over
  QImage picture(width, height_, QImage::Format_ARGB32_Premultiplied);
  picture.setDevicePixelRatio(ratio_);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  painter.setFont(font_);
  painter.setPen(Qt::white);
  painter.drawText(QPointF(0, QFontMetricsF(font_).ascent()), shown);
  painter.end();
  label.mask = picture.convertToFormat(QImage::Format_Alpha8);
  return label;
}

void LabelCache::draw(const Canvas& canvas, const Label& label, const Place& place) const {
  if (label.ends.empty()) {
    return;
  }
  if (label.ends.back() <= place.room) {
    return blend(canvas, label.mask, label.mask.width(), place);
  }
  const int room = place.room - dots_.ends.back();
  const auto letters = static_cast<std::size_t>(
      std::upper_bound(label.ends.begin(), label.ends.end(), room) - label.ends.begin());
  if (letters >= kLeastLetters) {
    const int width = label.ends[letters - 1];
    blend(canvas, label.mask, width, place);
    Place after = place;
    after.x += width;
    blend(canvas, dots_.mask, dots_.mask.width(), after);
  }
}

}  // namespace reticle::gui
