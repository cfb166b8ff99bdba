#include "workloads/traces/recording_builder.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

namespace reticle::traces {
namespace {

constexpr std::int64_t kPsPerUs = 1000000;

Category category(const std::string& text) {
  constexpr std::pair<const char*, Category> kKnown[] = {
      {"cpu_op", Category::kOperator},         {"cuda_runtime", Category::kRuntime},
      {"cuda_driver", Category::kRuntime},     {"runtime", Category::kRuntime},
      {"kernel", Category::kKernel},           {"gpu_memcpy", Category::kMemcpy},
      {"gpu_memset", Category::kMemset},       {"user_annotation", Category::kAnnotation},
      {"concurrent_kernel", Category::kKernel}};
  for (const auto& [word, meaning] : kKnown) {
    if (text == word) {
      return meaning;
    }
  }
  return Category::kOther;
}

std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  const bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
  return whole ? std::optional(out) : std::nullopt;
}

std::optional<std::int64_t> length_ps(const EventTime& time) {
  constexpr std::int64_t kMostUs = std::numeric_limits<std::int64_t>::max() / kPsPerUs / 4;
  if (time.us < 0 || time.us > kMostUs) {
    return std::nullopt;
  }
  return time.us * kPsPerUs + time.ps;
}

std::uint64_t hash(const Details& d) {
  std::uint64_t out = 1469598103934665603U;  // FNV-1a over the words
  const auto add = [&](std::uint64_t word) { out = (out ^ word) * 1099511628211U; };
  for (std::size_t i = 0; i < d.grid.size(); ++i) {
    add(d.grid[i]);
    add(d.block[i]);
  }
  for (const std::uint64_t word :
       {std::uint64_t{d.registers}, std::uint64_t{d.shared_memory_bytes}, d.bytes,
        std::uint64_t{d.collective}, std::uint64_t{d.dtype}, std::uint64_t{d.process_group},
        std::uint64_t{d.group_size}, d.in_elements, d.out_elements}) {
    add(word);
  }
  return out;
}

bool before(const EventTime& a, const EventTime& b) {
  return std::tie(a.us, a.ps) < std::tie(b.us, b.ps);
}

}  // namespace

void RecordingBuilder::add(const TraceEvent& event) {
  if (event.phase == 'M') {
    return metadata(event);
  }
  if (event.phase == 'X') {
    return complete(event);
  }
  if (!event.start) {
    ++out_.oddities.bad_times;
    return;
  }
  const std::string async_key = event.category + '\n' + event.id;
  switch (event.phase) {
    case 'B':
      return begin(event, track(event), {});
    case 'E':
      return end(event, track(event), {});
    case 'b':
      return begin(event, async_track(event), async_key);
    case 'e':
      return end(event, async_track(event), async_key);
    case 'C':
      return counter(event);
    case 's':
    case 'f':
      return flow(event);
    case 'i':
    case 'I':
    case 'R':
    case 'n':
      ++out_.oddities.instants;
      return;
    default:
      ++out_.oddities.unknown_phases;
  }
}

std::uint32_t RecordingBuilder::process(const std::string& pid) {
  const auto known = processes_.find(pid);
  if (known != processes_.end()) {
    return known->second;
  }
  const auto id = static_cast<std::uint32_t>(out_.processes.size());
  processes_.emplace(pid, id);
  const std::optional<std::uint64_t> own = number(pid);
  out_.processes.push_back({own ? "" : pid, own ? *own : next_number_++, false});
  return id;
}

std::uint32_t RecordingBuilder::track(const TraceEvent& event) {
  if (track_ != kNone && event.tid == tid_ && event.pid == pid_) {
    return track_;
  }
  pid_ = event.pid;
  tid_ = event.tid;
  const auto [known, added] =
      tracks_.emplace(event.pid + '\n' + event.tid, static_cast<std::uint32_t>(out_.tracks.size()));
  if (added) {
    const std::optional<std::uint64_t> own = number(event.tid);
    out_.tracks.push_back(
        {process(event.pid), own ? "" : event.tid, own ? *own : next_number_++, 0});
    last_start_.push_back({std::numeric_limits<std::int64_t>::min(), 0});
  }
  return track_ = known->second;
}

// Asynchronous slices of a name stand together, beside the threads.
std::uint32_t RecordingBuilder::async_track(const TraceEvent& event) {
  TraceEvent named;
  named.pid = event.pid;
  named.tid = event.category.empty() ? out_.strings.text(event.name) : event.category;
  return track(named);
}

std::uint32_t RecordingBuilder::details(const TraceEvent& event) {
  if (!event.has_details) {
    return 0;
  }
  std::vector<std::uint32_t>& same = details_[hash(event.details)];
  for (const std::uint32_t id : same) {
    if (out_.details[id] == event.details) {
      return id;
    }
  }
  same.push_back(static_cast<std::uint32_t>(out_.details.size()));
  out_.details.push_back(event.details);
  return same.back();
}

void RecordingBuilder::metadata(const TraceEvent& event) {
  const std::string& what = out_.strings.text(event.name);
  if (what == "process_name") {
    out_.processes[process(event.pid)].name = event.text;
  } else if (what == "process_labels" && event.text.rfind("GPU", 0) == 0) {
    out_.processes[process(event.pid)].device = true;
  } else if (what == "thread_name") {
    std::string name = event.text;
    name.erase(name.find_last_not_of(' ') + 1);
    out_.tracks[track(event)].name = name;
  }
}

RawSlice RecordingBuilder::raw(const TraceEvent& event, std::uint32_t track) {
  RawSlice slice;
  slice.track = track;
  slice.name = event.name;
  slice.start = *event.start;
  slice.category = category(event.category);
  slice.correlation = event.correlation;
  slice.details = details(event);
  if (on_device(slice.category)) {
    out_.processes[out_.tracks[track].process].device = true;
  }
  if (before(slice.start, last_start_[track])) {
    ++out_.oddities.out_of_order;
  }
  last_start_[track] = slice.start;
  return slice;
}

void RecordingBuilder::complete(const TraceEvent& event) {
  const std::optional<std::int64_t> length =
      event.duration ? length_ps(*event.duration) : std::optional<std::int64_t>(0);
  if (!event.start || !length) {
    ++out_.oddities.bad_times;
    return;
  }
  RawSlice slice = raw(event, track(event));
  slice.duration_ps = *length;
  raw_.slices.push_back(slice);
}

void RecordingBuilder::begin(const TraceEvent& event, std::uint32_t track, const std::string& key) {
  open_[track].push_back({track, key, raw(event, track)});
}

void RecordingBuilder::end(const TraceEvent& event, std::uint32_t track, const std::string& key) {
  std::vector<Open>& open = open_[track];
  const auto match =
      std::find_if(open.rbegin(), open.rend(), [&](const Open& o) { return o.key == key; });
  if (match == open.rend()) {
    ++out_.oddities.unmatched_ends;
    return;
  }
  RawSlice slice = match->slice;
  const std::optional<std::int64_t> length = length_ps(
      {event.start->us - slice.start.us, event.start->ps});  // us apart may overflow: then refused
  open.erase(std::next(match).base());
  if (!length || *length < slice.start.ps) {
    ++out_.oddities.bad_times;
    return;
  }
  slice.duration_ps = *length - slice.start.ps;
  raw_.slices.push_back(slice);
}

void RecordingBuilder::counter(const TraceEvent& event) {
  const std::string& name = out_.strings.text(event.name);
  for (const auto& [series, value] : event.values) {
    const bool plain = event.values.size() == 1;
    const std::string label = plain ? name : name + " " + series;
    const auto [known, added] = counters_.emplace(event.pid + '\n' + label,
                                                  static_cast<std::uint32_t>(out_.counters.size()));
    if (added) {
      out_.counters.push_back({process(event.pid), label});
    }
    raw_.samples.push_back({known->second, *event.start, value});
  }
}

void RecordingBuilder::flow(const TraceEvent& event) {
  const std::optional<std::uint64_t> own = number(event.id);
  const std::uint64_t id = own ? *own : out_.strings.id(event.id);
  raw_.flows.push_back({id, track(event), event.name, *event.start, event.phase == 's'});
}

// Whatever was begun and not ended lasts to the end of the trace.
void RecordingBuilder::close_open() {
  EventTime last{std::numeric_limits<std::int64_t>::min(), 0};
  for (const RawSlice& slice : raw_.slices) {
    const EventTime end{slice.start.us + slice.duration_ps / kPsPerUs, 0};
    last = std::max(last, end, before);
  }
  std::vector<Open> all;
  for (auto& [track, open] : open_) {
    all.insert(all.end(), open.begin(), open.end());
  }
  std::stable_sort(all.begin(), all.end(), [](const Open& a, const Open& b) {
    return std::tie(a.track, a.slice.start.us, a.slice.start.ps) <
           std::tie(b.track, b.slice.start.us, b.slice.start.ps);
  });
  for (Open& open : all) {
    const EventTime& start = open.slice.start;
    open.slice.duration_ps = before(start, last) && last.us >= 0
                                 ? length_ps({last.us - start.us, 0}).value_or(start.ps) - start.ps
                                 : 0;
    raw_.slices.push_back(open.slice);
  }
  out_.oddities.missing_ends += all.size();
}

void RecordingBuilder::finish() {
  close_open();
  arrange(std::move(raw_), out_);
}

}  // namespace reticle::traces
