#pragma once

#include <QColor>
#include <string_view>

namespace reticle::gui {

struct Theme {
  QColor window;  // behind everything
  QColor lane;    // an idle lane
  QColor group;   // a group's header
  QColor text;
  QColor faint_text;
  QColor grid;
  QColor chart;   // counters
  QColor accent;  // selection, marks, flows
  bool dark = false;
};

const Theme& light_theme();
const Theme& dark_theme();

// The same for a name in every trace and theme: Okabe and Ito's colours, which people with any
// common colour blindness tell apart, each plain, lightened and darkened.
QColor slice_color(std::string_view name);

// Of a counter's chart: power and heat, traffic, and the rest.
QColor counter_color(std::string_view unit, const Theme& theme);

// Black or white, whichever reads better on `background` (WCAG 2 contrast).
QColor text_on(const QColor& background);

// `share` of `a`, the rest of `b`.
QColor mixed(const QColor& a, const QColor& b, double share);

}  // namespace reticle::gui
