#include <CLI/CLI.hpp>
#include <QApplication>
#include <QStyleFactory>
#include <cstdlib>
#include <iostream>

#include "gui/app/options.h"
#include "gui/view/window.h"
#include "schema/errors.h"

namespace {

using reticle::gui::Options;

constexpr int kUsage = 2;
constexpr int kUnfinished = 5;

void apply(const Options& options, reticle::gui::Window& window) {
  window.resize(options.width, options.height);
  window.set_dark(options.dark);
  if (options.range) {
    window.timeline().set_range(*options.range);
  }
  if (!options.select.empty()) {
    window.finish_loading();
    if (!window.select(QString::fromStdString(options.select))) {
      throw reticle::UsageError("--select " + options.select + ": no slice in view has that name");
    }
  }
}

int take_screenshot(const Options& options, reticle::gui::Window& window) {
  window.finish_loading();
  apply(options, window);
  QApplication::processEvents();
  if (!window.grab().save(QString::fromStdString(options.screenshot), "PNG")) {
    throw reticle::OutputError("cannot write " + options.screenshot);
  }
  return 0;
}

int show(const Options& options) {
  const bool display = std::getenv("DISPLAY") || std::getenv("WAYLAND_DISPLAY");
  if (!options.screenshot.empty() && !display && !std::getenv("QT_QPA_PLATFORM")) {
    setenv("QT_QPA_PLATFORM", "offscreen", 0);
  }
  int argc = 1;
  char name[] = "reticle-view";
  char* argv[] = {name, nullptr};
  QApplication application(argc, argv);
  QApplication::setStyle(QStyleFactory::create("Fusion"));
  reticle::gui::Window window(options.trace);
  if (!options.screenshot.empty()) {
    return take_screenshot(options, window);
  }
  apply(options, window);
  window.show();
  return QApplication::exec();
}

int run(int argc, char** argv) {
  Options options;
  std::string size;
  std::string range;
  CLI::App app{"Shows a trace of a simulated machine"};
  app.set_version_flag("--version", RETICLE_VERSION);
  app.add_option("TRACE", options.trace, "An .rtrace file")->required();
  app.add_option("--screenshot", options.screenshot, "Write the window to this PNG and end");
  app.add_option("--size", size, "Of the window in pixels: 1400x850");
  app.add_option("--range", range, "Show from A to B microseconds: A..B");
  app.add_option("--select", options.select, "Select the first slice with this in its name");
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
    options.range = reticle::gui::parse_range(range);
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
