#include <QApplication>
#include <QFontInfo>
#include <QPainter>
#include <catch2/catch.hpp>
#include <cmath>

#include "gui/view/label_cache.h"
#include "tests/gui/view/window_fixture.h"

namespace reticle::gui {
namespace {

using test::OpenWindow;

// Dark letters on white as Qt draws them, at (0, 0).
QImage drawn_by_qt(const QString& text, const QFont& font, QSize size) {
  QImage picture(size, QImage::Format_RGB32);
  picture.fill(Qt::white);
  QPainter painter(&picture);
  painter.setFont(font);
  painter.setPen(Qt::black);
  painter.drawText(QPointF(0, QFontMetricsF(font).ascent()), text);
  return picture;
}

QImage drawn_from_cache(const QString& text, const QFont& font, QSize size, int room) {
  QImage picture(size, QImage::Format_RGB32);
  picture.fill(Qt::white);
  LabelCache cache;
  cache.set_font(font, 1);
  cache.draw(Canvas(picture), 1, [&] { return text; }, {0, 0, room, 0, qRgb(0, 0, 0)});
  return picture;
}

double mean_difference(const QImage& a, const QImage& b) {
  double sum = 0;
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) {
      sum += std::abs(qGray(a.pixel(x, y)) - qGray(b.pixel(x, y)));
    }
  }
  return sum / (a.width() * a.height());
}

// The right edge of what is not white.
int inked_to(const QImage& picture) {
  for (int x = picture.width() - 1; x >= 0; --x) {
    for (int y = 0; y < picture.height(); ++y) {
      if (qGray(picture.pixel(x, y)) < 200) {
        return x + 1;
      }
    }
  }
  return 0;
}

TEST_CASE("the window's letters are those of the font that the tests ship") {
  OpenWindow window(test::write_two_streams);
  const QFontInfo info(window->font());
  CHECK(info.family() == QApplication::font().family());
  CHECK(info.pixelSize() == kFont_px);
  CHECK(window->devicePixelRatioF() == 1);
}

TEST_CASE("a label from the cache is what Qt draws") {
  OpenWindow window(test::write_two_streams);
  const QFont font = window->font();
  const QSize size(160, 24);
  const QImage expected = drawn_by_qt("dispatch", font, size);
  const QImage seen = drawn_from_cache("dispatch", font, size, 160);
  CHECK(inked_to(expected) > 30);
  CHECK(std::abs(inked_to(expected) - inked_to(seen)) <= 1);
  CHECK(mean_difference(expected, seen) < 2);  // of 255; letters differ in how edges are smoothed
  CHECK(mean_difference(expected, drawn_by_qt("combine", font, size)) > 5);
}

TEST_CASE("a label ends in dots where room ends, and is left out where nothing fits") {
  OpenWindow window(test::write_two_streams);
  const QFont font = window->font();
  const QSize size(200, 24);
  const int whole = inked_to(drawn_from_cache("grouped_gemm", font, size, 200));
  for (const int room : {whole - 8, whole / 2}) {
    const QImage cut = drawn_from_cache("grouped_gemm", font, size, room);
    CHECK(inked_to(cut) <= room);
    CHECK(inked_to(cut) > room / 2);
    // It begins with the same letters.
    const QRect begin(0, 0, room / 4, 24);
    CHECK(cut.copy(begin) == drawn_from_cache("grouped_gemm", font, size, 200).copy(begin));
  }
  CHECK(inked_to(drawn_from_cache("grouped_gemm", font, size, 12)) == 0);
}

TEST_CASE("a slice in the timeline bears its name") {
  OpenWindow window(test::write_two_streams);
  const QImage picture = window.picture();
  const auto letters = [&](const SliceKey& slice) {
    const QRectF area = window.timeline().slice_area(slice).adjusted(2, 0, -2, 0);
    const QColor plain = slice_color(window->document().contents().name(slice));
    int count = 0;
    for (int y = static_cast<int>(area.top()) + 1; y < area.bottom() - 1; ++y) {
      for (int x = static_cast<int>(area.left()) + 1; x < area.left() + 80; ++x) {
        count += picture.pixelColor(x, y) != plain ? 1 : 0;
      }
    }
    return count;
  };
  CHECK(letters({2, 0}) > letters({0, 0}));  // dispatch has twice the letters of gemm
  CHECK(letters({0, 0}) > 20);
  // Zoomed in on the middle of it, the label stays at the edge of the view.
  window.timeline().set_range({400'000, 500'000});
  CHECK(window.timeline().slice_area({2, 0}).left() == kLabelWidth);
}

}  // namespace
}  // namespace reticle::gui
