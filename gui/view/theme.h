#pragma once

#include <QColor>
#include <QPalette>
#include <string_view>

#include "gui/model/causes.h"

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
// Of the widgets around.
QPalette palette_of(const Theme& theme);

// The same for a name (of a kernel: its label) in every trace and theme: Okabe and Ito's colours,
// which people with any common colour blindness tell apart, each plain, lightened and darkened.
QColor slice_color(std::string_view name);

// Of what bound a moment: a resource (tensor, hbm, link, ...), or a class of kernels.
QColor bound_color(std::string_view what);
// Of why a stream was idle.
QColor reason_color(WaitReason reason, const Theme& theme);
// Of a slice that takes `share` of its duration longer (positive: red-orange) or shorter (blue)
// than its partner; the stronger the more it differs.
QColor difference_color(double share, const Theme& theme);
// From 0 (as an idle lane) to 1, ever darker (in the dark theme lighter), so that it can be read
// without telling hues apart.
QColor heat_color(double share, const Theme& theme);

// Of a counter's chart: power and heat, traffic, and the rest.
QColor counter_color(std::string_view unit, const Theme& theme);

// Black or white, whichever reads better on `background` (WCAG 2 contrast).
QColor text_on(const QColor& background);

// `share` of `a`, the rest of `b`.
QColor mixed(const QColor& a, const QColor& b, double share);

}  // namespace reticle::gui
