#include "gui/view/panels.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QListWidget>
#include <QTableView>
#include <QTableWidget>
#include <algorithm>
#include <chrono>

#include "gui/model/energy.h"
#include "gui/model/format.h"
#include "gui/model/slice_args.h"
#include "gui/view/tables.h"
#include "gui/view/text.h"

namespace reticle::gui {
namespace {

constexpr std::size_t kCountedAtOnce = 200'000;  // slices; more are counted in the background
constexpr int kPoll_ms = 15;

std::size_t slices_within(const TraceData& data, const TimeRange& range) {
  std::size_t count = 0;
  for (const Lane& lane : data.lanes) {
    const std::size_t last = last_started(lane, range.to_ps - 1);
    const std::size_t first = lane.first_after(range.from_ps);
    count += last < lane.size() && last >= first ? last - first + 1 : 0;
  }
  return count;
}

std::vector<std::size_t> all_lanes(const TraceData& data) {
  std::vector<std::size_t> lanes(data.lanes.size());
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    lanes[i] = i;
  }
  return lanes;
}

}  // namespace

Panels::Panels(bool comparing) {
  setDocumentMode(true);
  details_ = new QTableWidget(0, 2);
  make_plain(*details_);
  details_->horizontalHeader()->hide();
  details_->horizontalHeader()->setStretchLastSection(true);
  details_->setColumnWidth(0, kLabelWidth);
  add(details_, "Selection", "selection");
  make_statistics();
  bottlenecks_ = new BottleneckChart;
  add(bottlenecks_, "Bottlenecks", "bottlenecks");
  roofline_ = new RooflineChart;
  add(roofline_, "Roofline", "roofline");
  energy_ = new QTableWidget(0, 6);
  make_plain(*energy_);
  energy_->setHorizontalHeaderLabels(
      {"What", "Count", "Energy", "Share", "Mean power", "Peak power"});
  energy_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
  add(energy_, "Energy", "energy");
  ranks_ = new RankChart;
  add(ranks_, "Ranks", "ranks");
  if (comparing) {
    comparison_ = new ComparePanel;
    add(comparison_, "A and B", "compare");
  }
  warnings_ = new QListWidget;
  warnings_->setFrameShape(QFrame::NoFrame);
  add(warnings_, "Warnings", "warnings");
  setCurrentIndex(1);
  QObject::connect(this, &QTabWidget::currentChanged, this, [this] { refresh(); });
  QObject::connect(&timer_, &QTimer::timeout, this, [this] { statistics_counted(); });
}

Panels::~Panels() {
  if (counting_.valid()) {
    counting_.wait();
  }
}

void Panels::make_statistics() {
  table_ = new QTableView;
  make_plain(*table_);
  table_->setModel(&statistics_);
  table_->setSortingEnabled(true);
  table_->horizontalHeader()->setSortIndicator(StatisticsTable::kTotal, Qt::DescendingOrder);
  table_->horizontalHeader()->setMinimumSectionSize(14);
  table_->setColumnWidth(StatisticsTable::kColor, 14);
  table_->setColumnWidth(StatisticsTable::kTrack, 150);
  for (int column = StatisticsTable::kCount; column < StatisticsTable::kColumns; ++column) {
    table_->setColumnWidth(column, 88);
  }
  table_->horizontalHeader()->setSectionResizeMode(StatisticsTable::kName, QHeaderView::Stretch);
  add(table_, "Statistics", "statistics");
  auto* by_lane = new QCheckBox("by track");
  by_lane->setFocusPolicy(Qt::ClickFocus);
  QObject::connect(by_lane, &QCheckBox::toggled, this, [this](bool on) {
    by_lane_ = on;
    range_changed();
  });
  setCornerWidget(by_lane);
  QObject::connect(this, &QTabWidget::currentChanged, this,
                   [this, by_lane] { by_lane->setVisible(currentWidget() == table_); });
}

void Panels::add(QWidget* widget, const QString& title, const std::string& name) {
  addTab(widget, title);
  names_.push_back(name);
  stale_.push_back(true);
}

bool Panels::open(const std::string& name) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found != names_.end()) {
    setCurrentIndex(static_cast<int>(found - names_.begin()));
  }
  return found != names_.end();
}

void Panels::set_subject(const Document& document, const Timeline& timeline) {
  if (document_ == &document && timeline_ == &timeline) {
    return;
  }
  statistics();  // what is still being counted is of the other trace
  document_ = &document;
  timeline_ = &timeline;
  selection_changed();
  range_changed();
}

void Panels::show_selection_tab() {
  if (currentIndex() == 1) {
    setCurrentIndex(0);
  }
}

void Panels::show_range_tab(bool marked) {
  if (currentIndex() == 0 && marked) {
    setCurrentIndex(1);
  }
}

TimeRange Panels::range() const { return timeline_->marked().value_or(document_->whole()); }

void Panels::selection_changed() {
  show_selection();
  stale_[3] = true;  // the roofline outlines what is selected
  refresh();
}

void Panels::range_changed() {
  std::fill(stale_.begin(), stale_.end(), true);
  setTabText(1, timeline_->marked()
                    ? "Statistics of " + text(format_duration(range().length_ps())) + " from " +
                          text(format_duration(range().from_ps))
                    : QString("Statistics of all"));
  refresh();
}

void Panels::refresh() {
  const auto at = static_cast<std::size_t>(currentIndex());
  if (document_ == nullptr || !stale_[at]) {
    return;
  }
  stale_[at] = false;
  const std::string& name = names_[at];
  if (name == "statistics") {
    show_statistics();
  } else if (name == "bottlenecks") {
    bottlenecks_->show(*document_, range());
  } else if (name == "roofline") {
    show_roofline();
  } else if (name == "energy") {
    show_energy();
  } else if (name == "ranks") {
    ranks_->show(rank_times(document_->contents(), range()),
                 expert_loads(document_->contents(), range()));
  }
}

// Rows do not change once all are loaded, so a thread may count them.
void Panels::show_statistics() {
  if (counting_.valid()) {
    stale_[1] = true;  // again when that is done
    return;
  }
  counted_range_ = range();
  counted_by_ = grouping();
  const TraceData& data = document_->data();
  const auto count = [&data, range = counted_range_, by = counted_by_] {
    return range_statistics(data, all_lanes(data), range, by);
  };
  if (!document_->loaded() || slices_within(data, counted_range_) <= kCountedAtOnce) {
    statistics_.show(document_->contents(), count(), counted_range_, counted_by_);
    return;
  }
  counting_ = std::async(std::launch::async, count);
  timer_.start(kPoll_ms);
}

void Panels::statistics_counted() {
  if (counting_.valid() &&
      counting_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    statistics();
  }
}

const StatisticsTable& Panels::statistics() {
  if (counting_.valid()) {
    timer_.stop();
    statistics_.show(document_->contents(), counting_.get(), counted_range_, counted_by_);
    if (stale_[1] && currentIndex() == 1) {
      refresh();
    }
  } else if (document_ != nullptr && stale_[1]) {
    stale_[1] = false;
    show_statistics();
    return statistics();
  }
  return statistics_;
}

void Panels::show_roofline() {
  std::vector<bool> names;
  const Search& search = timeline_->search();
  for (std::uint32_t i = 0; !search.empty() && i < document_->summary().strings.size(); ++i) {
    names.push_back(search.matches(i));
  }
  std::optional<std::uint32_t> selected;
  if (timeline_->selection()) {
    const SliceKey& key = *timeline_->selection();
    selected = document_->data().lanes[key.lane].name(key.slice);
  }
  roofline_->show(document_->summary(), gui::roofline(document_->contents(), range(), names),
                  selected);
}

void Panels::add_energy(const QStringList& cells) {
  const int row = energy_->rowCount();
  energy_->insertRow(row);
  for (int column = 0; column < cells.size(); ++column) {
    auto* item = new QTableWidgetItem(cells[column]);
    item->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    energy_->setItem(row, column, item);
  }
}

void Panels::show_energy() {
  energy_->setRowCount(0);
  const auto counters = counter_energy(document_->contents(), range());
  const auto names = name_energy(document_->contents(), range());
  double most = 0;
  for (const CounterEnergy& counter : counters) {
    most = std::max(most, counter.joules);
  }
  const auto share = [most](double joules) {
    return most > 0 ? QString::asprintf("%.1f %%", 100 * joules / most) : QString();
  };
  for (const CounterEnergy& counter : counters) {
    add_energy({text(counter.counter), "", text(format_quantity(counter.joules, "J")),
                share(counter.joules), text(format_quantity(counter.mean_w, "W")),
                text(format_quantity(counter.max_w, "W"))});
  }
  for (const NameEnergy& name : names) {
    add_energy({text(document_->summary().strings.at(name.name)), text(format_count(name.count)),
                text(format_quantity(name.joules, "J")), share(name.joules),
                name.seconds > 0 ? text(format_quantity(name.joules / name.seconds, "W")) : "",
                ""});
  }
  if (counters.empty() && names.empty()) {
    add_energy({"This trace has neither counters of power (W) nor slices with energy_j", "", "", "",
                "", ""});
  }
}

QStringList Panels::details() const {
  QStringList out;
  for (int row = 0; row < details_->rowCount(); ++row) {
    out << details_->item(row, 0)->text() + ": " + details_->item(row, 1)->text();
  }
  return out;
}

void Panels::add_detail(const QString& key, const QString& value) {
  const int row = details_->rowCount();
  details_->insertRow(row);
  details_->setItem(row, 0, new QTableWidgetItem(key));
  auto* item = new QTableWidgetItem(value);
  item->setToolTip(value);
  details_->setItem(row, 1, item);
}

void Panels::add_flows(const SliceKey& key) {
  for (const FlowIndex::Link& link : document_->flows().to(key)) {
    add_detail("waited for", text(document_->contents().name(link.from)));
  }
  for (const FlowIndex::Link& link : document_->flows().from(key)) {
    add_detail("leads to", text(document_->contents().name(link.to)));
  }
}

void Panels::show_selection() {
  details_->setRowCount(0);
  const std::optional<SliceKey>& key = timeline_->selection();
  if (!key) {
    add_detail("Nothing selected", "Click a slice; ? lists the keys");
    return;
  }
  const Contents& contents = document_->contents();
  const Lane& lane = contents.data.lanes[key->lane];
  add_detail("name", text(contents.name(*key)));
  add_detail("track", text(track_path(contents.summary, contents.index.track(key->lane))));
  add_detail("start", text(format_duration(lane.start_ps(key->slice))));
  add_detail("duration", text(format_duration(lane.duration_ps(key->slice))));
  for (const auto& [name, value] : slice_arguments(contents, *key)) {
    add_detail(text(name), text(value));
  }
  add_flows(*key);
}

void Panels::show_warnings(const QStringList& warnings) {
  warnings_->clear();
  warnings_->addItems(warnings);
  const auto at = static_cast<int>(names_.size()) - 1;
  setTabText(
      at, warnings.isEmpty() ? QString("Warnings") : QString("Warnings (%1)").arg(warnings.size()));
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
