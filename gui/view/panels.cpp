#include "gui/view/panels.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QListWidget>
#include <QTableView>
#include <algorithm>

#include "gui/model/format.h"
#include "gui/view/tables.h"
#include "gui/view/text.h"

namespace reticle::gui {
namespace {

constexpr std::size_t kAtOnce = 100'000;  // slices; more are left to the background
constexpr int kSelectionTab = 0;
constexpr int kStatisticsTab = 1;

std::size_t slices_within(const TraceData& data, const TimeRange& range) {
  std::size_t count = 0;
  for (const Lane& lane : data.lanes) {
    const std::size_t last = last_started(lane, range.to_ps - 1);
    const std::size_t first = lane.first_after(range.from_ps);
    count += last < lane.size() && last >= first ? last - first + 1 : 0;
  }
  return count;
}

}  // namespace

Panels::Panels(bool comparing) {
  setDocumentMode(true);
  selection_ = new SelectionPanel;
  add(selection_, "Selection", "selection");
  add(make_statistics(), "Statistics", "statistics", [this] { return statistics_work(); });
  bottlenecks_ = new BottleneckChart;
  add(bottlenecks_, "Bottlenecks", "bottlenecks", [this] { return bottlenecks_work(); });
  roofline_ = new RooflineChart;
  add(roofline_, "Roofline", "roofline", [this] { return roofline_work(); });
  add(make_energy(), "Energy", "energy", [this] { return energy_work(); });
  ranks_ = new RankChart;
  add(ranks_, "Ranks", "ranks", [this] { return ranks_work(); });
  if (comparing) {
    comparison_ = new ComparePanel;
    add(comparison_, "A and B", "compare");
  }
  warnings_ = new QListWidget;
  warnings_->setFrameShape(QFrame::NoFrame);
  add(warnings_, "Warnings", "warnings");
  setCornerWidget(make_corner());
  setCurrentIndex(kStatisticsTab);
  QObject::connect(this, &QTabWidget::currentChanged, this, [this](int tab) {
    cornerWidget()->setVisible(tab == kStatisticsTab);
    refresh(static_cast<std::size_t>(tab));
  });
}

QWidget* Panels::make_statistics() {
  auto* view = new QTableView;
  make_plain(*view);
  view->setModel(&statistics_);
  view->setSortingEnabled(true);
  view->horizontalHeader()->setSortIndicator(StatisticsTable::kTotal, Qt::DescendingOrder);
  view->horizontalHeader()->setMinimumSectionSize(14);
  view->setColumnWidth(StatisticsTable::kColor, 14);
  view->setColumnWidth(StatisticsTable::kTrack, 150);
  for (int column = StatisticsTable::kCount; column < StatisticsTable::kColumns; ++column) {
    view->setColumnWidth(column, 88);
  }
  view->horizontalHeader()->setSectionResizeMode(StatisticsTable::kName, QHeaderView::Stretch);
  return view;
}

QWidget* Panels::make_energy() {
  auto* view = new QTableView;
  make_plain(*view);
  view->setModel(&energy_);
  view->setSortingEnabled(true);
  view->horizontalHeader()->setSortIndicator(EnergyTable::kColumns, Qt::DescendingOrder);
  view->horizontalHeader()->setMinimumSectionSize(14);
  view->setColumnWidth(EnergyTable::kColor, 14);
  view->horizontalHeader()->setSectionResizeMode(EnergyTable::kWhat, QHeaderView::Stretch);
  return view;
}

QWidget* Panels::make_corner() {
  auto* by_lane = new QCheckBox("by track");
  by_lane->setFocusPolicy(Qt::ClickFocus);
  QObject::connect(by_lane, &QCheckBox::toggled, this, [this](bool on) {
    by_lane_ = on;
    range_changed();
  });
  return by_lane;
}

void Panels::add(QWidget* widget, const QString& title, const std::string& name,
                 std::function<Background::Work()> work) {
  tabs_.push_back({name, std::move(work)});
  addTab(widget, title);
}

bool Panels::open(const std::string& name) {
  const auto found =
      std::find_if(tabs_.begin(), tabs_.end(), [&](const Tab& tab) { return tab.name == name; });
  if (found != tabs_.end()) {
    setCurrentIndex(static_cast<int>(found - tabs_.begin()));
  }
  return found != tabs_.end();
}

void Panels::set_subject(const Document& document, const Timeline& timeline) {
  if (document_ == &document && timeline_ == &timeline) {
    return;
  }
  document_ = &document;
  timeline_ = &timeline;
  selection_changed();
  range_changed();
}

void Panels::show_selection_tab() {
  if (currentIndex() == kStatisticsTab) {
    setCurrentIndex(kSelectionTab);
  }
}

void Panels::show_range_tab(bool marked) {
  if (currentIndex() == kSelectionTab && marked) {
    setCurrentIndex(kStatisticsTab);
  }
}

TimeRange Panels::range() const { return timeline_->marked().value_or(document_->whole()); }

std::optional<std::uint32_t> Panels::selected_name() const {
  if (!timeline_->selection()) {
    return {};
  }
  const SliceKey& key = *timeline_->selection();
  return document_->data().lanes[key.lane].name(key.slice);
}

void Panels::selection_changed() {
  selection_->show_slice(*document_, timeline_->selection());
  roofline_->select(selected_name());
}

void Panels::range_changed() {
  for (Tab& tab : tabs_) {
    tab.stale = true;
  }
  const QString of = timeline_->search().empty() ? "Statistics of " : "Statistics of hits in ";
  setTabText(kStatisticsTab, timeline_->marked()
                                 ? of + text(format_duration(range().length_ps())) + " from " +
                                       text(format_duration(range().from_ps))
                                 : of + "all");
  refresh(static_cast<std::size_t>(currentIndex()));
}

// Rows do not change once all are loaded, so a thread may read them; before, only few are counted.
void Panels::refresh(std::size_t tab) {
  if (document_ == nullptr || !tabs_[tab].stale || !tabs_[tab].work) {
    return;
  }
  const bool few = slices_within(document_->data(), range()) <= kAtOnce;
  if (!few && !document_->loaded()) {
    return;
  }
  if (background_.busy()) {
    tabs_[working_].stale = true;  // its result will not be shown
  }
  tabs_[tab].stale = false;
  working_ = tab;
  background_.start(tabs_[tab].work());
  if (few) {
    background_.finish();
  }
}

Background::Work Panels::statistics_work() {
  return [this, &document = *document_, range = range(), by = grouping(),
          query = timeline_->search().query()] {
    auto rows = query_statistics(document.contents(), query, range, by);
    return [this, &document, range, by, rows = std::move(rows)] {
      statistics_.show(document.contents(), rows, range, by);
    };
  };
}

Background::Work Panels::bottlenecks_work() {
  return [this, &document = *document_, range = range()] {
    return [this, found = gui::bottlenecks(document, range)] { bottlenecks_->show(found); };
  };
}

Background::Work Panels::roofline_work() {
  std::vector<bool> names;
  const Search& search = timeline_->search();
  for (std::uint32_t i = 0; !search.empty() && i < document_->summary().strings.size(); ++i) {
    names.push_back(search.matches(i));
  }
  return [this, &document = *document_, range = range(), names = std::move(names)] {
    return [this, &document, found = gui::roofline(document.contents(), range, names)] {
      roofline_->show(document.summary(), found);
      roofline_->select(selected_name());
    };
  };
}

Background::Work Panels::energy_work() {
  return [this, &document = *document_, range = range()] {
    return [this, rows = energy_rows(document.contents(), range)] { energy_.show(rows); };
  };
}

Background::Work Panels::ranks_work() {
  return [this, &document = *document_, range = range()] {
    return [this, times = rank_times(document.contents(), range),
            loads = expert_loads(document.contents(), range)] { ranks_->show(times, loads); };
  };
}

const StatisticsTable& Panels::statistics() {
  refresh(kStatisticsTab);
  finish();
  return statistics_;
}

void Panels::show_warnings(const QStringList& warnings) {
  warnings_->clear();
  warnings_->addItems(warnings);
  setTabText(count() - 1, warnings.isEmpty() ? QString("Warnings")
                                             : QString("Warnings (%1)").arg(warnings.size()));
}

void Panels::set_theme(const Theme& theme) {
  bottlenecks_->set_theme(theme);
  roofline_->set_theme(theme);
  ranks_->set_theme(theme);
  if (comparison_ != nullptr) {
    comparison_->set_theme(theme);
  }
}

}  // namespace reticle::gui
