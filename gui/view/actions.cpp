#include "gui/view/actions.h"

#include <algorithm>

namespace reticle::gui {

std::function<bool(int, Qt::KeyboardModifiers)> keys(std::vector<int> which,
                                                     Qt::KeyboardModifiers modifiers) {
  return [which = std::move(which), modifiers](int key, Qt::KeyboardModifiers held) {
    return (held & ~Qt::KeypadModifier) == modifiers &&
           std::find(which.begin(), which.end(), key) != which.end();
  };
}

std::function<bool(int, Qt::KeyboardModifiers)> sign(int which, Qt::KeyboardModifiers modifiers) {
  return [which, modifiers](int key, Qt::KeyboardModifiers held) {
    return key == which && (held & ~(Qt::KeypadModifier | Qt::ShiftModifier)) == modifiers;
  };
}

std::vector<std::pair<QString, QString>> movement_help() {
  return {{"W  S   Ctrl+wheel   pinch", "zoom in, out at the cursor (Shift: fast, Ctrl: fine)"},
          {"A  D   arrows   right-drag",
           "pan (Shift: fast, Ctrl: fine); also Shift+drag, sideways wheel"},
          {"wheel   Up  Down   Page", "scroll"},
          {"click", "select a slice; open or close a group"},
          {"drag", "mark a range: statistics, energy and bounds of it below"},
          {"drag a label", "move a track among its siblings"},
          {"right-click a label", "pin or hide a track"},
          {"Alt+wheel   drag a label's edge", "taller or lower rows"}};
}

}  // namespace reticle::gui
