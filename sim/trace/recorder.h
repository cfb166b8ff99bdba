#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sim/trace/flow_buffer.h"
#include "sim/trace/lanes.h"
#include "sim/trace/output_file.h"
#include "sim/trace/sample_buffer.h"
#include "sim/trace/slice_buffer.h"
#include "sim/trace/totals.h"
#include "sim/trace/types.h"

namespace reticle::trace {

struct RecorderOptions {
  std::string producer = "reticle";                             // program and version
  std::vector<std::pair<std::string, std::string>> properties;  // study, scenario, seed, ...
  std::size_t rows_per_chunk = 65536;
};

// Records a trace while it happens and writes it as .rtrace. Memory is bounded by a chunk of each
// kind plus the tables. The same calls give the same bytes. Whoever may run without a trace holds a
// pointer and skips the calls when it is null.
//
// Times are picoseconds from 0. Per track, slices come in order of time and do not overlap; those
// recorded between begin() and end() lie within that slice. A counter's times do not decrease; of
// several values at one instant the last counts. Breaking this, text that is not UTF-8, or a value
// that is not finite is std::logic_error. Files that cannot be written: OutputError.
class Recorder {
 public:
  explicit Recorder(const std::filesystem::path& path, const RecorderOptions& options = {});

  // The id of a text; the same text has the same id.
  StringId string(std::string_view text);

  TrackId add_track(TrackId parent, std::string_view name, TrackKind kind,
                    std::uint64_t number = 0);
  // `unit` as printed: W, B/s, degC.
  CounterId add_counter(TrackId track, std::string_view name, std::string_view unit);

  SliceRef slice(TrackId track, StringId name, std::int64_t start_ps, std::int64_t duration_ps,
                 const Args& args = {});
  void begin(TrackId track, StringId name, std::int64_t start_ps);
  SliceRef end(TrackId track, std::int64_t end_ps, const Args& args = {});

  void counter(CounterId counter, std::int64_t time_ps, double value);

  // An arrow from the end of one slice to the start of another.
  void flow(const SliceRef& from, const SliceRef& to, StringId name = {});

  // Writes what is left and puts the file in its place. Without it (an exception on the way) no
  // file appears and an older one stays.
  void finish();

 private:
  struct Pending {  // the last sample of a counter, until its time has passed
    bool filled = false;
    std::int64_t time_ps = 0;
    double value = 0;
  };

  void check_string(StringId id) const;
  void check_track(TrackId id) const;
  void check_args(const Args& args) const;
  void append_slice(const SliceRef& slice, StringId name, const Args& args);
  void append_sample(CounterId counter, const Pending& sample);
  void write_chunk(ChunkKind kind, const google::protobuf::Message& message, std::uint64_t rows,
                   const Span& span);
  void write_tables();
  void flush_slices();
  void flush_samples();
  void flush_flows();
  void write_index();

  std::size_t rows_per_chunk_;
  OutputFile file_;
  std::unordered_map<std::string, std::uint32_t> strings_;
  rtrace::Strings new_strings_;  // not yet written
  std::size_t new_text_bytes_ = 0;
  rtrace::Tracks new_tracks_;
  rtrace::Counters new_counters_;
  Lanes lanes_;
  std::vector<Pending> pending_;  // by counter
  SliceBuffer slices_;
  SampleBuffer samples_;
  FlowBuffer flows_;
  Totals totals_;
  rtrace::Index index_;
};

}  // namespace reticle::trace
