#pragma once

#include <QFont>
#include <QString>
#include <string>

namespace reticle::gui {

inline QString text(const std::string& from) { return QString::fromStdString(from); }

inline QFont bold(QFont font) {
  font.setBold(true);
  return font;
}

}  // namespace reticle::gui
