#pragma once

#include <QTabWidget>
#include <functional>
#include <vector>

#include "gui/view/background.h"
#include "gui/view/bottleneck_chart.h"
#include "gui/view/compare_panel.h"
#include "gui/view/energy_table.h"
#include "gui/view/rank_chart.h"
#include "gui/view/roofline_chart.h"
#include "gui/view/selection_panel.h"
#include "gui/view/statistics_table.h"
#include "gui/view/timeline.h"

class QListWidget;
class QTableView;

namespace reticle::gui {

// What is known of the selection, a tab a question. Only what can be seen is worked out, in the
// background if there are many slices.
class Panels : public QTabWidget {
 public:
  explicit Panels(bool comparing);

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
  // Waits for what is being worked out.
  void finish() { background_.finish(); }
  // Rows of the selection's table as "key: value".
  QStringList details() const { return selection_->lines(); }
  const StatisticsTable& statistics();  // waits for it
  BottleneckChart& bottlenecks() { return *bottlenecks_; }
  RooflineChart& roofline() { return *roofline_; }
  RankChart& ranks() { return *ranks_; }
  EnergyTable& energy() { return energy_; }
  ComparePanel* comparison() { return comparison_; }
  GroupBy grouping() const { return by_lane_ ? GroupBy::kNameAndLane : GroupBy::kName; }

 private:
  struct Tab {
    std::string name;
    // What is to be worked out for it; empty: it is always up to date.
    std::function<Background::Work()> work;
    bool stale = true;
  };

  void add(QWidget* widget, const QString& title, const std::string& name,
           std::function<Background::Work()> work = {});
  QWidget* make_statistics();
  QWidget* make_energy();
  QWidget* make_corner();
  TimeRange range() const;
  std::optional<std::uint32_t> selected_name() const;
  void refresh(std::size_t tab);
  Background::Work statistics_work();
  Background::Work bottlenecks_work();
  Background::Work roofline_work();
  Background::Work energy_work();
  Background::Work ranks_work();

  const Document* document_ = nullptr;
  const Timeline* timeline_ = nullptr;
  std::vector<Tab> tabs_;
  SelectionPanel* selection_ = nullptr;
  StatisticsTable statistics_;
  EnergyTable energy_;
  BottleneckChart* bottlenecks_ = nullptr;
  RooflineChart* roofline_ = nullptr;
  RankChart* ranks_ = nullptr;
  ComparePanel* comparison_ = nullptr;
  QListWidget* warnings_ = nullptr;
  bool by_lane_ = false;
  std::size_t working_ = 0;  // the tab that was worked on last
  Background background_;    // last: its thread reads what is above
};

}  // namespace reticle::gui
