#pragma once

#include <QStringList>
#include <QTableWidget>

#include "gui/view/timeline.h"

namespace reticle::gui {

// What is known of a slice: place, arguments, flows.
class SelectionPanel : public QTableWidget {
 public:
  SelectionPanel();
  void show_slice(const Document& document, const std::optional<SliceKey>& slice);
  // The rows as "key: value".
  QStringList lines() const;

 private:
  void add(const QString& key, const QString& value);
  void add_flows(const Document& document, const std::vector<FlowIndex::Link>& links,
                 const QString& what, SliceKey FlowIndex::Link::*end);
};

}  // namespace reticle::gui
