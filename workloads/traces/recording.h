#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace reticle::traces {

// Texts by id, in order of first use; id 0 is the empty text.
class Strings {
 public:
  Strings() { id(""); }
  Strings(const Strings& other);
  Strings& operator=(const Strings& other);
  Strings(Strings&&) = default;
  Strings& operator=(Strings&&) = default;

  std::uint32_t id(std::string_view text);
  const std::string& text(std::uint32_t id) const { return texts_[id]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, std::uint32_t> ids_;  // views of texts_
};

enum class Category : std::uint8_t {
  kOther,
  kOperator,    // cpu_op
  kRuntime,     // cuda_runtime, cuda_driver: calls that launch, copy, synchronise
  kKernel,      // kernel
  kMemcpy,      // gpu_memcpy
  kMemset,      // gpu_memset
  kAnnotation,  // user_annotation: phases
};

// On a device's stream.
constexpr bool on_device(Category category) {
  return category == Category::kKernel || category == Category::kMemcpy ||
         category == Category::kMemset;
}

// What a profiler says of a launch besides its time. Few distinct ones, so slices share them.
struct Details {
  std::array<std::uint32_t, 3> grid{};
  std::array<std::uint32_t, 3> block{};
  std::uint32_t registers = 0;            // a thread
  std::uint32_t shared_memory_bytes = 0;  // a block
  std::uint64_t bytes = 0;                // copies and fills
  // Collectives, as PyTorch annotates NCCL kernels; texts by id.
  std::uint32_t collective = 0;
  std::uint32_t dtype = 0;
  std::uint32_t process_group = 0;
  std::uint32_t group_size = 0;
  std::uint64_t in_elements = 0;
  std::uint64_t out_elements = 0;

  bool operator==(const Details& other) const;
};

struct Process {
  std::string name;
  std::uint64_t number = 0;  // pid; for a device its number
  bool device = false;
};

// A thread of a process, or a stream of a device. Slices that overlap others of their track without
// lying within them are on a track of their own, `overlap` 1, 2, ...
struct Track {
  std::uint32_t process = 0;
  std::string name;
  std::uint64_t number = 0;
  std::uint32_t overlap = 0;
};

constexpr std::uint32_t kNone = 0xffffffff;

// One entry a slice, sorted by track, then start, outer before inner.
struct Slices {
  std::vector<std::uint32_t> track;
  std::vector<std::uint32_t> depth;  // 0 is outermost; a slice lies within one of depth - 1
  std::vector<std::int64_t> start_ps;
  std::vector<std::int64_t> duration_ps;
  std::vector<std::uint32_t> name;  // text id
  std::vector<Category> category;
  std::vector<std::uint64_t> correlation;  // ties a launching call to what it launched; 0: none
  std::vector<std::uint32_t> details;      // index of Recording::details

  std::size_t size() const { return start_ps.size(); }
  std::int64_t end_ps(std::size_t i) const { return start_ps[i] + duration_ps[i]; }
};

// Arrows between slices (indices), by time of the slice they leave.
struct Flow {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t name = 0;
};

// A value that holds until the next sample; sorted by counter, then time.
struct Sample {
  std::uint32_t counter = 0;
  std::int64_t time_ps = 0;
  double value = 0;
};

struct Counter {
  std::uint32_t process = 0;
  std::string name;
};

// What a reader met that a well-formed file does not have, and what it did not keep.
struct Oddities {
  std::uint64_t missing_ends = 0;    // begun and never ended: ended with the trace
  std::uint64_t unmatched_ends = 0;  // ended and never begun: dropped
  std::uint64_t unknown_phases = 0;  // dropped
  std::uint64_t bad_times = 0;       // no time, a negative duration, years away: dropped
  std::uint64_t out_of_order = 0;    // starts before the event before it in the file on its track
  std::uint64_t overlaps = 0;        // moved to a track of their own
  std::uint64_t unbound_flows = 0;   // an end without a slice around it: dropped
  std::uint64_t instants = 0;        // marks without a length: not kept
  std::uint64_t same_time_samples = 0;  // several values of a counter at one time: the last is kept
};

// What a machine did, as columns: the one form that every trace file is read into. Times are
// picoseconds from the first slice or sample.
struct Recording {
  std::string source;         // what it was read from: kineto, rtrace, chakra
  std::string truncated;      // where and why the file ended early; empty: whole
  std::uint64_t base_us = 0;  // whole microseconds of time 0 on the profiler's clock
  std::uint32_t rank = 0;
  std::uint32_t world_size = 1;
  std::string device;  // "NVIDIA H800"
  Strings strings;
  std::vector<Process> processes;
  std::vector<Track> tracks;
  Slices slices;
  std::vector<Details> details{Details{}};  // entry 0: nothing known
  std::vector<Flow> flows;
  std::vector<Counter> counters;
  std::vector<Sample> samples;
  Oddities oddities;

  const std::string& name(std::size_t slice) const { return strings.text(slices.name[slice]); }
  std::int64_t last_ps() const;
};

}  // namespace reticle::traces
