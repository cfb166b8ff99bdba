#pragma once

#include <QTabWidget>
#include <QTimer>
#include <functional>
#include <future>
#include <vector>

#include "gui/view/bottleneck_chart.h"
#include "gui/view/compare_panel.h"
#include "gui/view/rank_chart.h"
#include "gui/view/roofline_chart.h"
#include "gui/view/statistics_table.h"
#include "gui/view/timeline.h"

class QListWidget;
class QTableView;
class QTableWidget;

namespace reticle::gui {

// What is known of the selection, a tab a question. Only what can be seen is worked out.
class Panels : public QTabWidget {
 public:
  explicit Panels(bool comparing);
  ~Panels() override;  // waits for statistics that are being counted

  // Shows this trace from now on.
  void set_subject(const Document& document, const Timeline& timeline);
  void selection_changed();
  void range_changed();  // or the search, or the rows
  // Of the tabs for a slice and for a range the one that now says more, if one of them is open.
  void show_selection_tab();
  void show_range_tab(bool marked);
  void show_warnings(const QStringList& warnings);
  void set_theme(const Theme& theme);

  // "selection", "statistics", "bottlenecks", "roofline", "energy", "ranks", "compare", "warnings".
  bool open(const std::string& name);
  // Rows of the selection's table as "key: value".
  QStringList details() const;
  // Counted in the background if there are many slices; this waits for it.
  const StatisticsTable& statistics();
  BottleneckChart& bottlenecks() { return *bottlenecks_; }
  RooflineChart& roofline() { return *roofline_; }
  RankChart& ranks() { return *ranks_; }
  QTableWidget& energy() { return *energy_; }
  ComparePanel* comparison() { return comparison_; }
  GroupBy grouping() const { return by_lane_ ? GroupBy::kNameAndLane : GroupBy::kName; }

 private:
  void make_statistics();
  void add(QWidget* widget, const QString& title, const std::string& name);
  TimeRange range() const;
  void refresh();
  void show_selection();
  void show_statistics();
  void statistics_counted();
  void show_energy();
  void show_roofline();
  void add_detail(const QString& key, const QString& value);
  void add_flows(const SliceKey& key);
  void add_energy(const QStringList& cells);

  const Document* document_ = nullptr;
  const Timeline* timeline_ = nullptr;
  std::vector<std::string> names_;  // of the tabs
  std::vector<bool> stale_;         // by tab
  QTableWidget* details_ = nullptr;
  StatisticsTable statistics_;
  QTableView* table_ = nullptr;
  BottleneckChart* bottlenecks_ = nullptr;
  RooflineChart* roofline_ = nullptr;
  QTableWidget* energy_ = nullptr;
  RankChart* ranks_ = nullptr;
  ComparePanel* comparison_ = nullptr;
  QListWidget* warnings_ = nullptr;
  bool by_lane_ = false;
  std::future<std::vector<NameStatistics>> counting_;
  TimeRange counted_range_;
  GroupBy counted_by_ = GroupBy::kName;
  QTimer timer_;
};

}  // namespace reticle::gui
