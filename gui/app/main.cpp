#include <CLI/CLI.hpp>
#include <QApplication>
#include <QFontDatabase>
#include <QStyleFactory>
#include <cstdlib>
#include <iostream>
#include <optional>

#include "gui/app/options.h"
#include "gui/view/window.h"
#include "schema/config/catalog.h"
#include "schema/errors.h"
#include "study/profile/recorded_chip.h"
#include "workloads/llm/huggingface.h"

namespace {

using reticle::UsageError;
using reticle::gui::Options;
using reticle::gui::ProfileContext;
using reticle::gui::Window;

constexpr int kUsage = 2;
constexpr int kUnfinished = 5;

void use_font(const std::string& file) {
  const int id = QFontDatabase::addApplicationFont(QString::fromStdString(file));
  if (id < 0) {
    throw UsageError("--font " + file + ": not a font file");
  }
  QFont font(QFontDatabase::applicationFontFamilies(id).first());
  font.setPixelSize(reticle::gui::kFont_px);
  QApplication::setFont(font);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    out += (out.empty() ? "" : ", ") + word;
  }
  return out;
}

std::filesystem::path config_root() {
  const char* chosen = std::getenv("RETICLE_CONFIGS");
  return chosen == nullptr ? RETICLE_CONFIGS : chosen;
}

// Asked for by the threads that read: each has a catalog of its own.
std::optional<reticle::Chip> chip_of(const std::string& device) {
  try {
    return reticle::study::recorded_chip(reticle::config::Catalog(config_root()), device);
  } catch (const reticle::Error&) {  // no roofs, but a picture
    return std::nullopt;
  }
}

ProfileContext profile_context(const Options& options) {
  const reticle::config::Catalog catalog(config_root());
  ProfileContext context;
  context.chip_of = chip_of;
  if (!options.model.empty()) {
    context.model = reticle::llm::to_model(catalog.model(options.model), options.model);
  }
  if (!options.chip.empty()) {
    context.chip_of = [chip = catalog.chip(options.chip).message](const std::string&) {
      return std::optional(chip);
    };
  }
  return context;
}

// What needs the rows; a file of which nothing could be read is an error.
void apply_loaded(const Options& options, Window& window) {
  window.finish_loading();
  for (std::size_t i = 0; i < window.traces(); ++i) {
    if (!window.document(i).failure().empty()) {
      throw reticle::InputError(window.document(i).failure());
    }
  }
  if (options.range) {
    window.timeline().set_range(*options.range);
  }
  if (!options.find.empty()) {
    window.find(QString::fromStdString(options.find));
  }
  if (!options.align.empty() &&
      (!window.select(QString::fromStdString(options.align)) || !window.align_on_selection())) {
    throw UsageError("--align " + options.align + ": not a name in both of two traces");
  }
  if (!options.select.empty() && !window.select(QString::fromStdString(options.select))) {
    throw UsageError("--select " + options.select + ": no slice in view has that name");
  }
  if (options.mark) {
    window.timeline().mark(options.mark);
  }
}

void apply(const Options& options, Window& window) {
  window.resize(options.width, options.height);
  window.set_dark(options.dark);
  window.filter_tracks(QString::fromStdString(options.filter));
  if (options.range) {
    window.timeline().set_range(*options.range);
  }
  const bool waits = !options.screenshot.empty() || !options.export_to.empty() ||
                     !options.select.empty() || !options.align.empty() || !options.find.empty() ||
                     options.mark;
  if (waits) {
    apply_loaded(options, window);
  }
  for (const std::string& view : options.views) {
    if (!window.show_view(view)) {
      throw UsageError("--view " + view + ": the views are " + joined(Window::views()) +
                       " (compare: of two traces)");
    }
  }
}

int take_pictures(const Options& options, Window& window) {
  window.show();
  QApplication::processEvents();  // sizes are known from here on
  apply(options, window);
  window.panels().finish();
  QApplication::processEvents();
  if (!options.screenshot.empty() &&
      !window.grab().save(QString::fromStdString(options.screenshot), "PNG")) {
    throw reticle::OutputError("cannot write " + options.screenshot);
  }
  if (!options.export_to.empty()) {
    window.export_to(options.export_to);
  }
  return 0;
}

int show(const Options& options) {
  const bool display = std::getenv("DISPLAY") || std::getenv("WAYLAND_DISPLAY");
  const bool picture = !options.screenshot.empty() || !options.export_to.empty();
  if (picture && !display && !std::getenv("QT_QPA_PLATFORM")) {
    setenv("QT_QPA_PLATFORM", "offscreen", 0);
  }
  if (options.scale != 1) {
    setenv("QT_SCALE_FACTOR", std::to_string(options.scale).c_str(), 1);
  }
  int argc = 1;
  char name[] = "reticle-view";
  char* argv[] = {name, nullptr};
  QApplication application(argc, argv);
  QApplication::setStyle(QStyleFactory::create("Fusion"));
  if (!options.font.empty()) {
    use_font(options.font);
  }
  Window window(options.traces, profile_context(options));
  if (picture) {
    return take_pictures(options, window);
  }
  window.show();
  apply(options, window);
  return QApplication::exec();
}

int run(int argc, char** argv) {
  Options options;
  std::string size;
  std::string range;
  std::string mark;
  CLI::App app{"Shows traces of simulated and real machines, one or two beside each other"};
  app.set_version_flag("--version", RETICLE_VERSION);
  app.add_option("TRACE", options.traces,
                 ".rtrace, Chrome or Kineto JSON (plain or gzip), Perfetto; two are compared")
      ->required()
      ->expected(1, 2);
  const auto one = [](CLI::Option* option) {
    option->expected(1)->allow_extra_args(false)->multi_option_policy(
        CLI::MultiOptionPolicy::TakeAll);
  };
  app.add_option("--screenshot", options.screenshot, "Write the window to this PNG and end");
  app.add_option(
      "--export", options.export_to,
      "Write .svg (view), .csv (statistics), .json (Chrome), .pftrace (Perfetto) and end");
  one(app.add_option("--view", options.views,
                     "Open a view (repeatable): " + joined(Window::views())));
  app.add_option("--size", size, "Of the window in pixels: 1400x850");
  app.add_option("--scale", options.scale, "Device pixels a pixel")->check(CLI::Range(0.5, 4.0));
  app.add_option("--range", range, "Show from A to B microseconds: A..B");
  app.add_option("--mark", mark, "Mark the range from A to B microseconds: A..B");
  app.add_option("--select", options.select,
                 "Select the first slice in view with this in its name");
  app.add_option("--align", options.align, "Align two traces on the first slice of this name");
  app.add_option("--find", options.find, "Search: name, /regex/, bytes>4096, joined by &");
  app.add_option("--filter", options.filter, "Show only tracks with this in their path");
  app.add_option("--model", options.model,
                 "Model of a profile, for the operations and bytes of its kernels");
  app.add_option("--chip", options.chip, "Chip of a profile, for its roofs, if it names none");
  app.add_option("--font", options.font, "Use this font file");
  app.add_flag("--dark", options.dark, "Light on dark");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  if (!size.empty()) {
    reticle::gui::parse_size(size, options);
  }
  if (!range.empty()) {
    options.range = reticle::gui::parse_range("--range", range);
  }
  if (!mark.empty()) {
    options.mark = reticle::gui::parse_range("--mark", mark);
  }
  return show(options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const reticle::Error& error) {
    std::cerr << "reticle-view: " << error.what() << std::endl;
    return error.exit_status();
  } catch (const std::exception& error) {
    std::cerr << "reticle-view: internal error: " << error.what() << std::endl;
    return kUnfinished;
  }
}
