#pragma once

#include <QMainWindow>
#include <QTimer>

#include "gui/view/statistics_table.h"
#include "gui/view/timeline.h"

class QLabel;
class QLineEdit;
class QListWidget;
class QTabWidget;
class QTableView;
class QTableWidget;

namespace reticle::gui {

// A trace in a window: search above, the timeline, and what is known of the selection below it.
class Window : public QMainWindow {
 public:
  explicit Window(const std::filesystem::path& path);

  Document& document() { return document_; }
  Timeline& timeline() { return *timeline_; }
  const StatisticsTable& statistics() const { return statistics_; }
  // Rows of the selection panel as "key: value".
  QStringList details() const;

  void set_dark(bool dark);
  // Waits for the rows: what is shown then is all of the trace.
  void finish_loading();
  void find(const QString& text);
  // The first slice in view with this in its name; false if there is none.
  bool select(const QString& text);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QWidget* make_header();
  QWidget* make_panel();
  void poll();
  void show_selection();
  void show_statistics();
  void show_warnings();
  void show_search();
  void add_detail(const QString& key, const QString& value);
  void add_flows(const SliceKey& key);
  std::string slice_name(const SliceKey& key);

  Document document_;
  StatisticsTable statistics_;
  Timeline* timeline_ = nullptr;
  QLabel* status_ = nullptr;
  QLabel* hits_ = nullptr;
  QLineEdit* search_ = nullptr;
  QTabWidget* tabs_ = nullptr;
  QTableWidget* details_ = nullptr;
  QTableView* table_ = nullptr;
  QListWidget* warnings_ = nullptr;
  bool by_lane_ = false;
  bool dark_ = false;
  bool shown_ = false;  // the loaded rows
  QTimer timer_;
};

}  // namespace reticle::gui
