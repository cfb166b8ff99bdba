#include "gui/model/document.h"

#include <exception>
#include <string>

#include "gui/model/recording_contents.h"
#include "gui/model/slice_args.h"
#include "schema/errors.h"
#include "study/trace/read_recording.h"
#include "study/trace/recording_files.h"
#include "study/trace/trace_kind.h"

namespace reticle::gui {
namespace {

constexpr std::size_t kMostWaiting = 8;  // chunks read and not taken

// A profile that was converted: all that was known of the recording is in the file.
bool is_recording(const trace::Summary& summary) {
  for (const auto& [key, value] : summary.properties) {
    if (key == "source") {
      return true;
    }
  }
  return false;
}

}  // namespace

Document::Document(const std::filesystem::path& path, const ProfileContext& context)
    : path_(path), context_(context) {
  const study::TraceKind kind = study::trace_kind(path);
  if (kind == study::TraceKind::kChakra) {
    throw InputError(path.string() +
                     ": a Chakra trace says what waits for what, not when, so there is nothing to "
                     "show (reticle trace replay)");
  }
  if (kind == study::TraceKind::kRtrace) {
    open_rtrace();
  }
  thread_ = std::thread([this] { run(); });
}

Document::~Document() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closing_ = true;
  }
  cancel();
  changed_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Document::open_rtrace() {
  reader_ = std::make_unique<trace::Reader>(path_);
  contents_.summary = reader_->summary();
  contents_.index = LaneIndex(contents_.summary);
  contents_.data = TraceData(contents_.summary, contents_.index);
  rows_.emplace(contents_);
  std::error_code ignored;
  rows_->reserve(std::filesystem::file_size(path_, ignored));
}

void Document::run() {
  End end;
  try {
    if (reader_ && !is_recording(reader_->summary())) {
      if (!reader_->notice().empty()) {
        end.warnings.push_back(reader_->notice());
      }
      read_chunks();
    } else {
      read_whole();
    }
  } catch (const std::exception& error) {  // damaged further on, or out of memory
    end.warnings.emplace_back(error.what());
    end.failure = reader_ ? "" : error.what();
  }
  if (cancelled_) {
    end.warnings.emplace_back("loading was cancelled; what was read until then is shown");
  }
  progress_ = 1;
  give(std::move(end));
}

bool Document::keep_going(double done) {
  progress_ = done;
  return !cancelled_;
}

void Document::read_chunks() {
  const auto& chunks = reader_->summary().chunks;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    if (!keep_going(static_cast<double>(i) / static_cast<double>(chunks.size()))) {
      return;
    }
    if (chunks[i].kind() == rtrace::CHUNK_KIND_SLICES) {
      give(reader_->slices(chunks[i]));
    } else if (chunks[i].kind() == rtrace::CHUNK_KIND_SAMPLES) {
      give(reader_->samples(chunks[i]));
    } else if (chunks[i].kind() == rtrace::CHUNK_KIND_FLOWS) {
      give(reader_->flows(chunks[i]));
    }
  }
}

void Document::read_whole() {
  const traces::Recording recording =
      study::read_recording(path_, [this](double done) { return keep_going(done); });
  Whole whole;
  std::vector<SliceKey> keys;
  const traces::LaunchGraph graph = traces::launch_graph(recording);
  whole.contents = contents_of(recording, profile_figures(recording, graph, context_), keys);
  whole.causes = causes_from_launches(whole.contents, recording, graph, keys);
  give(std::move(whole));
}

void Document::give(Part part) {
  std::unique_lock<std::mutex> lock(mutex_);
  const bool last = std::holds_alternative<End>(part);
  changed_.wait(lock, [&] { return last || closing_ || parts_.size() < kMostWaiting; });
  parts_.push_back(std::move(part));
  changed_.notify_all();
}

bool Document::take(std::chrono::milliseconds at_most) {
  const auto stop = std::chrono::steady_clock::now() + at_most;
  bool any = false;
  while (!ended_ && (!any || std::chrono::steady_clock::now() < stop)) {
    Part part;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (parts_.empty()) {
        break;
      }
      part = std::move(parts_.front());
      parts_.pop_front();
    }
    changed_.notify_all();
    put(part);
    any = true;
  }
  if (any && rows_ && !ended_) {
    rows_->build();
  }
  if (working_.valid() && working_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    relations_ = working_.get();
    loaded_ = true;
    any = true;
  }
  return any;
}

void Document::wait() {
  while (!loaded_) {
    if (working_.valid()) {
      working_.wait();
    } else {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return !parts_.empty(); });
    }
    take(std::chrono::hours(1));
  }
}

void Document::put(Part& part) {
  if (auto* slices = std::get_if<trace::SliceBlock>(&part)) {
    rows_->add(*slices);
  } else if (auto* samples = std::get_if<trace::SampleBlock>(&part)) {
    rows_->add(*samples);
  } else if (auto* flows = std::get_if<std::vector<trace::Flow>>(&part)) {
    rows_->add(*flows);
  } else if (auto* whole = std::get_if<Whole>(&part)) {
    rows_.reset();
    contents_ = std::move(whole->contents);
    relations_.causes = std::move(whole->causes);
    causes_known_ = true;
  } else {
    auto& warnings = contents_.data.warnings;
    End& end = std::get<End>(part);
    warnings.insert(warnings.end(), end.warnings.begin(), end.warnings.end());
    failure_ = std::move(end.failure);
    if (rows_) {
      rows_->finish();
    }
    ended_ = true;
    working_ = std::async(std::launch::async, [this] { return relate(); });
  }
}

// Rows do not change any more: a thread may read them beside the one that shows them.
Document::Relations Document::relate() const {
  Relations out;
  out.flows = FlowIndex(contents_.data, contents_.index);
  if (causes_known_) {
    out.causes = relations_.causes;
  } else if (!contents_.data.flows.empty() || string_id(contents_.summary, "bound_by")) {
    out.causes = causes_from_flows(contents_, out.flows);
  }
  out.bound = bound_parts(contents_, out.causes);
  return out;
}

const FlowIndex& Document::flows() const { return relations_.flows; }

const Causes& Document::causes() const { return relations_.causes; }

const std::vector<BoundPart>& Document::bound() const { return relations_.bound; }

}  // namespace reticle::gui
