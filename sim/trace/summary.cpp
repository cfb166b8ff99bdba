#include "sim/trace/summary.h"

namespace reticle::trace {
namespace {

const std::string& text(std::uint32_t id, const Summary& summary) {
  require(id < summary.strings.size(), "string that is not in the table");
  return summary.strings[id];
}

int add(const rtrace::Header& header, Summary& out) {
  out.producer = header.producer();
  for (const rtrace::Property& property : header.properties()) {
    out.properties.emplace_back(property.key(), property.value());
  }
  return 1;
}

int add(const rtrace::Strings& table, Summary& out) {
  require(table.first_id() == out.strings.size(), "table of strings does not follow on");
  out.strings.insert(out.strings.end(), table.text().begin(), table.text().end());
  return table.text_size();
}

int add(const rtrace::Tracks& table, Summary& out) {
  require(table.first_id() == out.tracks.size() + 1, "table of tracks does not follow on");
  for (const rtrace::Track& track : table.track()) {
    require(track.parent() <= out.tracks.size(), "track whose parent comes after it");
    out.tracks.push_back({{track.parent()}, text(track.name(), out), track.kind(), track.number()});
  }
  return table.track_size();
}

int add(const rtrace::Counters& table, Summary& out) {
  require(table.first_id() == out.counters.size() + 1, "table of counters does not follow on");
  for (const rtrace::Counter& counter : table.counter()) {
    require(counter.track() >= 1 && counter.track() <= out.tracks.size(),
            "counter of a track that is not in the table");
    out.counters.push_back(
        {{counter.track()}, text(counter.name(), out), text(counter.unit(), out)});
  }
  return table.counter_size();
}

int add_any(ChunkKind kind, const std::string& message, Summary& summary) {
  switch (kind) {
    case rtrace::CHUNK_KIND_HEADER:
      return add(parse<rtrace::Header>(message), summary);
    case rtrace::CHUNK_KIND_STRINGS:
      return add(parse<rtrace::Strings>(message), summary);
    case rtrace::CHUNK_KIND_TRACKS:
      return add(parse<rtrace::Tracks>(message), summary);
    case rtrace::CHUNK_KIND_COUNTERS:
      return add(parse<rtrace::Counters>(message), summary);
    default:
      return 0;
  }
}

}  // namespace

std::uint64_t add_table(ChunkKind kind, const std::string& message, Summary& summary) {
  return static_cast<std::uint64_t>(add_any(kind, message, summary));
}

}  // namespace reticle::trace
