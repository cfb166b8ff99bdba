#pragma once

#include <QMainWindow>
#include <QTimer>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/view/actions.h"
#include "gui/view/panels.h"
#include "gui/view/timeline.h"

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSplitter;

namespace reticle::gui {

constexpr int kFont_px = 12;

class Help;
class Palette;

// A trace in a window, or two above each other: search above, the timelines, and below them what is
// known of the selection in the one that was used last.
class Window : public QMainWindow {
 public:
  // One path, or two to compare. Errors: those of Document.
  explicit Window(const std::vector<std::filesystem::path>& paths,
                  const ProfileContext& context = {});
  ~Window() override;

  std::size_t traces() const { return panes_.size(); }
  Document& document(std::size_t which = 0) { return *panes_[which].document; }
  Timeline& timeline(std::size_t which = 0) { return *panes_[which].timeline; }
  Panels& panels() { return *panels_; }
  const std::vector<Action>& actions() const { return actions_; }

  void set_dark(bool dark);
  // Waits for the rows: what is shown then is all of the trace.
  void finish_loading();
  // Takes what was read since the last call, as the timer does.
  void poll();
  void cancel_loading();
  void find(const QString& text);
  void filter_tracks(const QString& text);
  // The first slice in view with this in its name; false if there is none.
  bool select(const QString& text);
  // A view by its name (views()); false if there is none of that name.
  bool show_view(const std::string& name);
  static const std::vector<std::string>& views();

  // Of two traces: B's time less A's where they are held together.
  std::int64_t offset_ps() const { return offset_ps_; }
  // On the selected slices; if only one trace has one, on its namesake in the other.
  bool align_on_selection();

  // A command line that shows the same view.
  std::string link() const;
  // Whether a kept mark asks for its note.
  void ask_for_notes(bool ask) { ask_notes_ = ask; }
  DriftChart* drift_chart() { return drift_; }
  const Comparison& comparison() const { return comparison_; }

  bool help_shown() const;
  bool palette_shown() const;
  void save_view_beside();  // kept marks, and what was made of the rows
  // By the ending of the name: .png of the window; .svg of the timelines; .csv of the statistics;
  // .json (Chrome), .pftrace (Perfetto) or .rtrace of the whole trace. Errors: UsageError,
  // OutputError.
  void export_to(const std::filesystem::path& path);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;
  void closeEvent(QCloseEvent* event) override;

 private:
  struct Pane {
    std::unique_ptr<Document> document;
    Timeline* timeline = nullptr;
    bool shown = false;                    // the loaded rows
    bool edited = false;                   // marks or rows, since the trace was opened
    std::optional<TimeRange> panel_range;  // that the panels know of
  };

  QWidget* make_header();
  QWidget* make_timelines();
  void make_actions();
  void add_navigation(std::vector<Action>& to);
  void add_rows(std::vector<Action>& to);
  void add_views(std::vector<Action>& to);
  void add_exports(std::vector<Action>& to);
  Timeline& now() { return *panes_[active_].timeline; }
  void activate(std::size_t which);
  void selection_changed(std::size_t which);
  void link_ranges(std::size_t from);
  void show_loaded(Pane& pane);
  void compare();
  void show_header();
  void show_search();
  void open_row_menu(std::size_t which, const RowId& row, const QPoint& at);
  void edit_mark();
  void ask_for_export(const QString& what, const QString& ending);
  void copy_link();

  std::vector<Pane> panes_;
  std::size_t active_ = 0;
  Panels* panels_ = nullptr;
  DriftChart* drift_ = nullptr;  // of two traces
  Comparison comparison_;
  CompareBy compare_by_ = CompareBy::kName;
  QSplitter* splitter_ = nullptr;
  QLabel* status_ = nullptr;
  QLabel* hits_ = nullptr;
  QProgressBar* progress_ = nullptr;
  QPushButton* cancel_ = nullptr;
  QLineEdit* search_ = nullptr;
  QLineEdit* filter_ = nullptr;
  std::vector<Action> actions_;
  Help* help_ = nullptr;
  Palette* palette_ = nullptr;
  std::int64_t offset_ps_ = 0;
  bool linking_ = false;
  bool ask_notes_ = true;
  bool dark_ = false;
  QTimer timer_;
};

}  // namespace reticle::gui
