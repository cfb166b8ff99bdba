#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

#include "gui/model/causes.h"
#include "gui/model/flow_index.h"
#include "gui/model/profile_context.h"
#include "gui/model/row_appender.h"
#include "gui/model/trace_data.h"

namespace reticle::gui {

// An open trace. A thread reads the file and hands over what it has read; take() puts it where it
// can be seen. All functions are for the thread that made the document: nothing that it sees
// changes between two calls of take().
//
// Of an .rtrace the summary is there at once, and rows follow chunk by chunk. Chrome and Kineto
// JSON (plain or gzip) and Perfetto's protobuf have no index: all of it appears when it is read.
class Document {
 public:
  // Errors of an .rtrace: those of trace::Reader. UsageError: no such file. InputError: no trace.
  // `context` is used by the reading thread.
  explicit Document(const std::filesystem::path& path, const ProfileContext& context = {});
  ~Document();  // cancels and waits
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const Contents& contents() const { return contents_; }
  const trace::Summary& summary() const { return contents_.summary; }
  const LaneIndex& lanes() const { return contents_.index; }
  const TraceData& data() const { return contents_.data; }
  TimeRange whole() const { return whole_range(contents_.summary); }

  double progress() const { return progress_; }
  // Everything that will come has been taken, and who waited for whom is worked out.
  bool loaded() const { return loaded_; }
  // What was read until then stays, and a warning says so.
  void cancel() { cancelled_ = true; }
  // Why a file without an index could not be read at all; empty if it could, or is being read.
  const std::string& failure() const { return failure_; }
  // Takes what has been read, for about so long; true if there was anything.
  bool take(std::chrono::milliseconds at_most);
  // Takes everything, and waits for it.
  void wait();

  // Once loaded; empty before.
  const FlowIndex& flows() const;
  // Who waited for whom. Empty before loaded(), and of a trace that says neither what a slice
  // waited for nor what bound it.
  const Causes& causes() const;
  const std::vector<BoundPart>& bound() const;

 private:
  struct Whole {  // of a file without an index
    Contents contents;
    Causes causes;
  };
  struct End {
    std::vector<std::string> warnings;
    std::string failure;
  };
  struct Relations {
    FlowIndex flows;
    Causes causes;
    std::vector<BoundPart> bound;
  };
  using Part =
      std::variant<trace::SliceBlock, trace::SampleBlock, std::vector<trace::Flow>, Whole, End>;

  void open_rtrace();
  void run();
  void read_chunks();
  void read_whole();
  bool keep_going(double done);
  void give(Part part);
  void put(Part& part);
  Relations relate() const;

  std::filesystem::path path_;
  ProfileContext context_;
  std::unique_ptr<trace::Reader> reader_;  // the thread's; null: a file without an index
  Contents contents_;
  std::optional<RowAppender> rows_;
  Relations relations_;
  bool causes_known_ = false;  // from a profile's launches
  bool ended_ = false;         // all rows are there
  bool loaded_ = false;
  std::string failure_;

  std::mutex mutex_;  // of parts_
  std::condition_variable changed_;
  std::deque<Part> parts_;
  std::atomic<double> progress_{0};
  std::atomic<bool> cancelled_{false};
  std::atomic<bool> closing_{false};
  std::thread thread_;
  std::future<Relations> working_;  // last: its thread reads what is above
};

}  // namespace reticle::gui
