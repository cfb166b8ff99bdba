#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <thread>

#include "gui/model/trace_data.h"

namespace reticle::gui {

// An open trace: its summary at once, its rows from a thread of its own.
class Document {
 public:
  // Errors: those of trace::Reader.
  explicit Document(const std::filesystem::path& path);
  ~Document();  // cancels and waits
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const trace::Summary& summary() const { return summary_; }
  const LaneIndex& lanes() const { return index_; }
  TimeRange whole() const { return whole_range(summary_); }

  double progress() const { return progress_; }
  bool loaded() const { return loaded_; }
  void cancel() { cancelled_ = true; }
  void wait();

  // Empty lanes until loaded() is true. For the thread that made the document.
  const TraceData& data();

 private:
  void run();

  std::filesystem::path path_;
  std::unique_ptr<trace::Reader> reader_;  // the thread's
  trace::Summary summary_;
  LaneIndex index_;
  TraceData empty_;
  TraceData data_;
  std::atomic<double> progress_{0};
  std::atomic<bool> loaded_{false};
  std::atomic<bool> cancelled_{false};
  std::thread thread_;
};

// The arguments of a slice as (key, value), read from the file when they are asked for.
std::vector<std::pair<std::string, std::string>> slice_arguments(const Document& document,
                                                                 const SliceKey& key);

}  // namespace reticle::gui
