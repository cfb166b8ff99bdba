#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sim/trace/input_file.h"
#include "sim/trace/summary.h"

namespace reticle::trace {

// Reads an .rtrace file: the summary at once, from the index and the tables alone; rows chunk by
// chunk. Unknown fields and unknown kinds of chunk are skipped. A file whose index is missing or
// damaged (cut short, writer killed) is scanned instead, and notice() says so.
// Errors: UsageError: no such file. InputError: no .rtrace file, damaged, or against the format's
// rules, with the place.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path);

  const Summary& summary() const { return summary_; }

  // Empty, or what was lost with the index.
  const std::string& notice() const { return notice_; }

  // One chunk, an entry of summary().chunks of that kind. For viewers, which read what is in view.
  SliceBlock slices(const rtrace::ChunkEntry& chunk);
  SampleBlock samples(const rtrace::ChunkEntry& chunk);
  std::vector<Flow> flows(const rtrace::ChunkEntry& chunk);

  // All chunks of a kind in file order, with the order from chunk to chunk checked.
  void each_slices(const std::function<void(const SliceBlock&)>& visit);
  void each_samples(const std::function<void(const SampleBlock&)>& visit);
  void each_flows(const std::function<void(const std::vector<Flow>&)>& visit);

 private:
  bool open_index();
  void read_tables();
  std::string message(const rtrace::ChunkEntry& chunk, ChunkKind kind);

  InputFile file_;
  Summary summary_;
  std::string notice_;
};

}  // namespace reticle::trace
