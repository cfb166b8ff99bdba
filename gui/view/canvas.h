#pragma once

#include <QImage>
#include <cmath>

namespace reticle::gui {

// As mixed(), for the many.
inline QRgb blended(QRgb a, QRgb b, double share) {
  const auto of_a = static_cast<int>(share * 256);
  const auto channel = [of_a](int a_part, int b_part) {
    return (a_part * of_a + b_part * (256 - of_a) + 128) >> 8;
  };
  return qRgb(channel(qRed(a), qRed(b)), channel(qGreen(a), qGreen(b)),
              channel(qBlue(a), qBlue(b)));
}

// The pixels of a picture (RGB32), written to directly: for thousands of small pieces that is many
// times as fast as a painter. Coordinates are device pixels. A painter on the same picture may be
// active; the picture has to outlive the canvas, unchanged in size.
class Canvas {
 public:
  explicit Canvas(QImage& picture)
      : bits_(reinterpret_cast<QRgb*>(picture.bits())),
        stride_(picture.bytesPerLine() / static_cast<qsizetype>(sizeof(QRgb))),
        width_(picture.width()),
        height_(picture.height()),
        ratio_(picture.devicePixelRatio()) {}

  int width() const { return width_; }
  int height() const { return height_; }
  double ratio() const { return ratio_; }  // device pixels a pixel
  int device(double pixels) const { return static_cast<int>(std::lround(pixels * ratio_)); }
  QRgb* line(int y) const { return bits_ + y * stride_; }

 private:
  QRgb* bits_;
  qsizetype stride_;
  int width_;
  int height_;
  double ratio_;
};

}  // namespace reticle::gui
