#include "sim/trace/recorder.h"

#include <cmath>
#include <stdexcept>

#include "sim/trace/format.h"
#include "sim/trace/utf8.h"

namespace reticle::trace {
namespace {

// A chunk is also closed when it holds this many arguments a row.
constexpr std::size_t kArgsPerRow = 4;
constexpr std::size_t kTextPerChunk = kLongestMessage / 4;

std::uint32_t next_id(std::size_t count) { return static_cast<std::uint32_t>(count + 1); }

void check_text(std::string_view text) {
  if (!is_utf8(text)) {
    throw std::logic_error("trace: text is not UTF-8");
  }
}

rtrace::Header header(const RecorderOptions& options) {
  rtrace::Header out;
  check_text(options.producer);
  out.set_producer(options.producer);
  for (const auto& [key, value] : options.properties) {
    check_text(key);
    check_text(value);
    rtrace::Property& property = *out.add_properties();
    property.set_key(key);
    property.set_value(value);
  }
  return out;
}

}  // namespace

Recorder::Recorder(const std::filesystem::path& path, const RecorderOptions& options)
    : rows_per_chunk_(options.rows_per_chunk), file_(path) {
  file_.write(encode_file_header());
  write_chunk(rtrace::CHUNK_KIND_HEADER, header(options), 1, {});
  strings_.emplace("", 0);
}

StringId Recorder::string(std::string_view text) {
  const auto found = strings_.find(std::string(text));
  if (found != strings_.end()) {
    return {found->second};
  }
  check_text(text);
  const auto id = static_cast<std::uint32_t>(strings_.size());  // "" is 0
  strings_.emplace(text, id);
  if (new_strings_.text_size() == 0) {
    new_strings_.set_first_id(id);
  }
  new_strings_.add_text(std::string(text));
  new_text_bytes_ += text.size();
  if (new_text_bytes_ >= kTextPerChunk) {
    write_tables();
  }
  return {id};
}

TrackId Recorder::add_track(TrackId parent, std::string_view name, TrackKind kind,
                            std::uint64_t number) {
  const TrackId id{next_id(totals_.tracks.size())};
  if (parent.value >= id.value) {
    throw std::logic_error("trace: no track " + std::to_string(parent.value) + " as a parent");
  }
  rtrace::Track track;
  track.set_parent(parent.value);
  track.set_name(string(name).value);
  track.set_kind(kind);
  track.set_number(number);
  if (new_tracks_.track_size() == 0) {
    new_tracks_.set_first_id(id.value);
  }
  *new_tracks_.add_track() = track;
  lanes_.add_track(std::string(name));
  totals_.tracks.emplace_back();
  return id;
}

CounterId Recorder::add_counter(TrackId track, std::string_view name, std::string_view unit) {
  check_track(track);
  const CounterId id{next_id(totals_.counters.size())};
  rtrace::Counter counter;
  counter.set_track(track.value);
  counter.set_name(string(name).value);
  counter.set_unit(string(unit).value);
  if (new_counters_.counter_size() == 0) {
    new_counters_.set_first_id(id.value);
  }
  *new_counters_.add_counter() = counter;
  pending_.emplace_back();
  totals_.counters.emplace_back();
  return id;
}

SliceRef Recorder::slice(TrackId track, StringId name, std::int64_t start_ps,
                         std::int64_t duration_ps, const Args& args) {
  check_string(name);
  check_args(args);
  const SliceRef ref = lanes_.place(track, start_ps, duration_ps);
  append_slice(ref, name, args);
  return ref;
}

void Recorder::begin(TrackId track, StringId name, std::int64_t start_ps) {
  check_string(name);
  lanes_.open(track, name, start_ps);
}

SliceRef Recorder::end(TrackId track, std::int64_t end_ps, const Args& args) {
  check_args(args);
  const Lanes::Closed closed = lanes_.close(track, end_ps);
  append_slice(closed.slice, closed.name, args);
  return closed.slice;
}

void Recorder::check_string(StringId id) const {
  if (id.value >= strings_.size()) {
    throw std::logic_error("trace: no string " + std::to_string(id.value));
  }
}

void Recorder::check_track(TrackId id) const {
  if (id.value == 0 || id.value > totals_.tracks.size()) {
    throw std::logic_error("trace: no track " + std::to_string(id.value));
  }
}

void Recorder::check_args(const Args& args) const {
  for (std::size_t i = 0; i < args.size(); ++i) {
    check_string(args[i].key);
    if (const auto* text = std::get_if<StringId>(&args[i].value)) {
      check_string(*text);
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (args[i].key.value == args[j].key.value) {
        throw std::logic_error("trace: a slice has an argument twice");
      }
    }
  }
}

void Recorder::append_slice(const SliceRef& slice, StringId name, const Args& args) {
  slices_.append(slice, name, args);
  totals_.add_slice(slice.track, slice.depth, slice.start_ps, slice.duration_ps);
  if (slices_.size() >= rows_per_chunk_ || slices_.arg_count() >= kArgsPerRow * rows_per_chunk_) {
    flush_slices();
  }
}

void Recorder::counter(CounterId counter, std::int64_t time_ps, double value) {
  if (counter.value == 0 || counter.value > pending_.size()) {
    throw std::logic_error("trace: no counter " + std::to_string(counter.value));
  }
  Pending& last = pending_[counter.value - 1];
  if (!std::isfinite(value)) {
    throw std::logic_error("trace: counter value is not finite");
  }
  if (time_ps < (last.filled ? last.time_ps : 0)) {
    throw std::logic_error("trace: counter goes back in time to " + std::to_string(time_ps) +
                           " ps");
  }
  if (last.filled && time_ps > last.time_ps) {
    append_sample(counter, last);
  }
  last = {true, time_ps, value};
}

void Recorder::append_sample(CounterId counter, const Pending& sample) {
  samples_.append(counter, sample.time_ps, sample.value);
  totals_.add_sample(counter, sample.time_ps, sample.value);
  if (samples_.size() >= rows_per_chunk_) {
    flush_samples();
  }
}

void Recorder::flow(const SliceRef& from, const SliceRef& to, StringId name) {
  check_string(name);
  check_track(from.track);
  check_track(to.track);
  const Flow flow{name,
                  {from.track, from.depth, from.ordinal, from.end_ps()},
                  {to.track, to.depth, to.ordinal, to.start_ps}};
  flows_.append(flow);
  totals_.add_flow(flow);
  if (flows_.size() >= rows_per_chunk_) {
    flush_flows();
  }
}

void Recorder::finish() {
  lanes_.require_all_closed();
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    if (pending_[i].filled) {
      append_sample({next_id(i)}, pending_[i]);
      pending_[i].filled = false;
    }
  }
  flush_slices();
  flush_samples();
  flush_flows();
  write_tables();
  write_index();
  file_.commit();
}

void Recorder::write_chunk(ChunkKind kind, const google::protobuf::Message& message,
                           std::uint64_t rows, const Span& span) {
  const std::string bytes = message.SerializeAsString();
  rtrace::ChunkEntry& entry = *index_.add_chunks();
  entry.set_kind(kind);
  entry.set_offset(file_.size());
  entry.set_length(static_cast<std::uint32_t>(bytes.size()));
  entry.set_rows(rows);
  entry.set_first_ps(static_cast<std::uint64_t>(span.first_ps));
  entry.set_last_ps(static_cast<std::uint64_t>(span.last_ps));
  file_.write(encode_frame_header(static_cast<std::uint16_t>(kind), bytes));
  file_.write(bytes);
}

// Tables go before the first chunk that uses them: a cut file can be read up to the cut.
void Recorder::write_tables() {
  auto write = [this](ChunkKind kind, auto& table, int rows) {
    if (rows > 0) {
      write_chunk(kind, table, static_cast<std::uint64_t>(rows), {});
      table.Clear();
    }
  };
  write(rtrace::CHUNK_KIND_STRINGS, new_strings_, new_strings_.text_size());
  new_text_bytes_ = 0;
  write(rtrace::CHUNK_KIND_TRACKS, new_tracks_, new_tracks_.track_size());
  write(rtrace::CHUNK_KIND_COUNTERS, new_counters_, new_counters_.counter_size());
}

void Recorder::flush_slices() {
  if (slices_.size() > 0) {
    write_tables();
    const std::uint64_t rows = slices_.size();
    const Span span = slices_.span();
    write_chunk(rtrace::CHUNK_KIND_SLICES, slices_.take(), rows, span);
  }
}

void Recorder::flush_samples() {
  if (samples_.size() > 0) {
    write_tables();
    const std::uint64_t rows = samples_.size();
    const Span span = samples_.span();
    write_chunk(rtrace::CHUNK_KIND_SAMPLES, samples_.take(), rows, span);
  }
}

void Recorder::flush_flows() {
  if (flows_.size() > 0) {
    write_tables();
    const std::uint64_t rows = flows_.size();
    const Span span = flows_.span();
    write_chunk(rtrace::CHUNK_KIND_FLOWS, flows_.take(), rows, span);
  }
}

void Recorder::write_index() {
  to_index(totals_, index_);
  const std::uint64_t offset = file_.size();
  const std::string bytes = index_.SerializeAsString();
  file_.write(encode_frame_header(rtrace::CHUNK_KIND_INDEX, bytes));
  file_.write(bytes);
  file_.write(encode_footer(offset));
}

}  // namespace reticle::trace
