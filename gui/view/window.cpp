#include "gui/view/window.h"

#include <QApplication>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QVBoxLayout>

#include "gui/model/format.h"

namespace reticle::gui {
namespace {

constexpr int kPoll_ms = 30;
constexpr int kRowHeight = 21;
constexpr int kFont_px = 12;

QString text(const std::string& from) { return QString::fromStdString(from); }

QPalette palette_of(const Theme& theme) {
  QPalette palette;
  palette.setColor(QPalette::Window, theme.window);
  palette.setColor(QPalette::Base, theme.lane);
  palette.setColor(QPalette::AlternateBase, theme.window);
  palette.setColor(QPalette::Button, theme.group);
  palette.setColor(QPalette::Text, theme.text);
  palette.setColor(QPalette::WindowText, theme.text);
  palette.setColor(QPalette::ButtonText, theme.text);
  palette.setColor(QPalette::PlaceholderText, theme.faint_text);
  palette.setColor(QPalette::Highlight, theme.chart);
  palette.setColor(QPalette::HighlightedText, text_on(theme.chart));
  palette.setColor(QPalette::Light, theme.grid);
  palette.setColor(QPalette::Mid, theme.grid);
  palette.setColor(QPalette::Dark, theme.grid);
  return palette;
}

void make_plain(QTableView& table) {
  table.setAlternatingRowColors(true);
  table.setShowGrid(false);
  table.setEditTriggers(QAbstractItemView::NoEditTriggers);
  table.setSelectionBehavior(QAbstractItemView::SelectRows);
  table.setFrameShape(QFrame::NoFrame);
  table.verticalHeader()->hide();
  table.verticalHeader()->setDefaultSectionSize(kRowHeight);
}

}  // namespace

Window::Window(const std::filesystem::path& path)
    : document_(path), statistics_(document_.summary(), document_.lanes()) {
  QFont font = QApplication::font();
  font.setPixelSize(kFont_px);
  setFont(font);
  setWindowTitle(text(path.filename().string()) + " - reticle-view");
  timeline_ = new Timeline(document_);
  timeline_->on_selection = [this] {
    show_selection();
    show_statistics();
  };
  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->addWidget(timeline_);
  splitter->addWidget(make_panel());
  splitter->setStretchFactor(0, 3);
  splitter->setStretchFactor(1, 1);
  splitter->setSizes({600, 250});
  auto* middle = new QWidget;
  auto* column = new QVBoxLayout(middle);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(make_header());
  column->addWidget(splitter, 1);
  setCentralWidget(middle);
  resize(1400, 850);
  set_dark(false);
  timeline_->setFocus();
  show_selection();
  show_statistics();
  QObject::connect(&timer_, &QTimer::timeout, this, [this] { poll(); });
  timer_.start(kPoll_ms);
  poll();
}

QWidget* Window::make_header() {
  auto* header = new QWidget;
  auto* row = new QHBoxLayout(header);
  row->setContentsMargins(8, 6, 8, 6);
  status_ = new QLabel;
  row->addWidget(status_, 1);
  hits_ = new QLabel;
  row->addWidget(hits_);
  search_ = new QLineEdit;
  search_->setPlaceholderText("Search names  ( / )");
  search_->setFixedWidth(260);
  search_->setFocusPolicy(Qt::ClickFocus);
  search_->installEventFilter(this);
  QObject::connect(search_, &QLineEdit::textChanged, this, [this] { show_search(); });
  row->addWidget(search_);
  return header;
}

QWidget* Window::make_panel() {
  tabs_ = new QTabWidget;
  tabs_->setDocumentMode(true);
  details_ = new QTableWidget(0, 2);
  make_plain(*details_);
  details_->horizontalHeader()->hide();
  details_->horizontalHeader()->setStretchLastSection(true);
  details_->setColumnWidth(0, kLabelWidth);
  tabs_->addTab(details_, "Selection");

  table_ = new QTableView;
  make_plain(*table_);
  table_->setModel(&statistics_);
  table_->setSortingEnabled(true);
  table_->horizontalHeader()->setSortIndicator(StatisticsTable::kTotal, Qt::DescendingOrder);
  table_->horizontalHeader()->setMinimumSectionSize(14);
  table_->setColumnWidth(StatisticsTable::kColor, 14);
  table_->setColumnWidth(StatisticsTable::kName, 190);
  table_->horizontalHeader()->setSectionResizeMode(StatisticsTable::kTrack, QHeaderView::Stretch);
  tabs_->addTab(table_, "Statistics");
  auto* by_lane = new QCheckBox("by track");
  by_lane->setFocusPolicy(Qt::ClickFocus);
  QObject::connect(by_lane, &QCheckBox::toggled, this, [this](bool on) {
    by_lane_ = on;
    show_statistics();
  });
  tabs_->setCornerWidget(by_lane);

  warnings_ = new QListWidget;
  warnings_->setFrameShape(QFrame::NoFrame);
  tabs_->addTab(warnings_, "Warnings");
  tabs_->setCurrentIndex(1);
  return tabs_;
}

void Window::set_dark(bool dark) {
  dark_ = dark;
  const Theme& theme = dark ? dark_theme() : light_theme();
  setPalette(palette_of(theme));
  timeline_->set_theme(theme);
}

void Window::finish_loading() {
  document_.wait();
  poll();
}

void Window::poll() {
  const trace::Summary& summary = document_.summary();
  QString line = "<b>" + text(document_.path().filename().string()).toHtmlEscaped() +
                 "</b>&nbsp;&nbsp; " + text(format_count(summary.totals.slices)) + " slices, " +
                 text(format_count(summary.totals.samples)) + " samples, " +
                 text(format_count(summary.totals.flows)) + " flows, " +
                 text(format_duration(document_.whole().length_ps()));
  for (const auto& [key, value] : summary.properties) {
    line += "&nbsp;&nbsp; " + text(key).toHtmlEscaped() + ": " + text(value).toHtmlEscaped();
  }
  if (!document_.loaded()) {
    status_->setText(line +
                     QString::asprintf("&nbsp;&nbsp; loading %.0f %%", 100 * document_.progress()));
    return;
  }
  timer_.stop();
  if (!shown_) {
    shown_ = true;
    status_->setText(line);
    timeline_->show_loaded();
    show_statistics();
    show_search();
    show_warnings();
  }
}

void Window::show_warnings() {
  warnings_->clear();
  for (const std::string& warning : document_.data().warnings) {
    warnings_->addItem(text(warning));
  }
  if (const std::size_t dangling = timeline_->flows().dangling()) {
    warnings_->addItem(text(format_count(dangling)) +
                       " flows lead to or from slices that are not there");
  }
  const int count = warnings_->count();
  tabs_->setTabText(2, count == 0 ? QString("Warnings") : QString("Warnings (%1)").arg(count));
}

void Window::show_search() {
  const Search found(document_.summary(), document_.data(), search_->text().toStdString());
  timeline_->set_search(found);
  hits_->setText(found.text().empty() ? QString() : text(format_count(found.count())) + " hits");
}

void Window::find(const QString& wanted) {
  search_->setText(wanted);
  timeline_->step_search(1);
}

bool Window::select(const QString& wanted) {
  const Search found(document_.summary(), document_.data(), wanted.toStdString());
  for (const SliceKey& hit : found.hits()) {
    const std::int64_t start = document_.data().lanes[hit.lane].start_ps(hit.slice);
    if (start >= timeline_->range().from_ps && start < timeline_->range().to_ps) {
      timeline_->select(hit);
      return true;
    }
  }
  return false;
}

void Window::show_statistics() {
  const TimeRange range = timeline_->marked().value_or(document_.whole());
  const GroupBy grouped = by_lane_ ? GroupBy::kNameAndLane : GroupBy::kName;
  std::vector<std::size_t> lanes;
  for (std::size_t lane = 0; lane < document_.lanes().size(); ++lane) {
    lanes.push_back(lane);
  }
  statistics_.show(range_statistics(document_.data(), lanes, range, grouped), range, grouped);
  tabs_->setTabText(1, timeline_->marked()
                           ? "Statistics of " + text(format_duration(range.length_ps())) +
                                 " from " + text(format_duration(range.from_ps))
                           : QString("Statistics of all"));
  if (timeline_->marked()) {
    tabs_->setCurrentIndex(1);
  }
}

std::string Window::slice_name(const SliceKey& key) {
  return document_.summary().strings.at(document_.data().lanes[key.lane].name(key.slice));
}

void Window::add_detail(const QString& key, const QString& value) {
  const int row = details_->rowCount();
  details_->insertRow(row);
  details_->setItem(row, 0, new QTableWidgetItem(key));
  details_->setItem(row, 1, new QTableWidgetItem(value));
}

void Window::add_flows(const SliceKey& key) {
  for (const FlowIndex::Link& link : timeline_->flows().to(key)) {
    add_detail("waited for", text(slice_name(link.from)));
  }
  for (const FlowIndex::Link& link : timeline_->flows().from(key)) {
    add_detail("leads to", text(slice_name(link.to)));
  }
}

void Window::show_selection() {
  details_->setRowCount(0);
  const std::optional<SliceKey>& key = timeline_->selection();
  if (!key) {
    add_detail("Nothing selected", "Click a slice; ? lists the keys");
    return;
  }
  const Lane& lane = document_.data().lanes[key->lane];
  add_detail("name", text(slice_name(*key)));
  add_detail("track", text(track_path(document_.summary(), document_.lanes().track(key->lane))));
  add_detail("start", text(format_duration(lane.start_ps(key->slice))));
  add_detail("duration", text(format_duration(lane.duration_ps(key->slice))));
  for (const auto& [name, value] : slice_arguments(document_, *key)) {
    add_detail(text(name), text(value));
  }
  add_flows(*key);
  tabs_->setCurrentIndex(0);
}

QStringList Window::details() const {
  QStringList rows;
  for (int row = 0; row < details_->rowCount(); ++row) {
    rows << details_->item(row, 0)->text() + ": " + details_->item(row, 1)->text();
  }
  return rows;
}

void Window::keyPressEvent(QKeyEvent* event) {
  const bool ctrl = event->modifiers().testFlag(Qt::ControlModifier);
  if (event->key() == Qt::Key_Slash || (ctrl && event->key() == Qt::Key_F)) {
    search_->setFocus();
    search_->selectAll();
  } else if (event->key() == Qt::Key_T) {
    set_dark(!dark_);
  } else {
    QMainWindow::keyPressEvent(event);
  }
}

// In the search line: Enter steps through the hits, Escape returns to the timeline.
bool Window::eventFilter(QObject* watched, QEvent* event) {
  if (watched == search_ && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
      timeline_->step_search(key->modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
      return true;
    }
    if (key->key() == Qt::Key_Escape) {
      timeline_->setFocus();
      return true;
    }
  }
  return QMainWindow::eventFilter(watched, event);
}

}  // namespace reticle::gui
