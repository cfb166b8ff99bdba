#pragma once

#include <QFont>
#include <QString>
#include <string>

namespace reticle::gui {

inline QString text(const std::string& from) { return QString::fromStdString(from); }

// Of a function that a kernel is: without its return type.
inline QString shown_name(const std::string& name) {
  return text(name.rfind("void ", 0) == 0 ? name.substr(5) : name);
}

inline QFont bold(QFont font) {
  font.setBold(true);
  return font;
}

}  // namespace reticle::gui
