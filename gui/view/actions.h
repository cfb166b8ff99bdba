#pragma once

#include <QKeyEvent>
#include <QString>
#include <functional>
#include <vector>

namespace reticle::gui {

// Something the window can do: by keys, from the command palette, and listed by `?`.
struct Action {
  QString title;
  QString keys;  // as shown; empty: from the palette only
  std::function<bool(int key, Qt::KeyboardModifiers modifiers)> matches;
  std::function<void()> run;
};

// Tests for one of some keys with exactly these modifiers (of signs, Shift is part of the sign).
std::function<bool(int, Qt::KeyboardModifiers)> keys(std::vector<int> which,
                                                     Qt::KeyboardModifiers modifiers = {});
std::function<bool(int, Qt::KeyboardModifiers)> sign(int which,
                                                     Qt::KeyboardModifiers modifiers = {});

// What keys and mouse do in the timeline itself, as (keys, meaning).
std::vector<std::pair<QString, QString>> movement_help();

}  // namespace reticle::gui
