#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/trace/chunk_decode.h"
#include "sim/trace/totals.h"
#include "sim/trace/types.h"

namespace reticle::trace {

struct Track {
  TrackId parent;
  std::string name;
  TrackKind kind = rtrace::TRACK_KIND_UNSPECIFIED;
  std::uint64_t number = 0;
};

struct Counter {
  TrackId track;
  std::string name;
  std::string unit;
};

// What is known of a file before its rows are read.
struct Summary {
  std::string producer;
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<std::string> strings{""};  // by id
  std::vector<Track> tracks;             // entry i: track i + 1
  std::vector<Counter> counters;         // entry i: counter i + 1
  std::vector<rtrace::ChunkEntry> chunks;
  Totals totals;

  const std::string& text(StringId id) const { return strings.at(id.value); }
  const Track& track(TrackId id) const { return tracks.at(id.value - 1); }
  const Counter& counter(CounterId id) const { return counters.at(id.value - 1); }
  TableSizes sizes() const { return {strings.size() - 1, tracks.size(), counters.size()}; }
};

// Adds a header or table chunk; chunks of other kinds are left alone. Returns its number of
// entries. Throws BadChunk.
std::uint64_t add_table(ChunkKind kind, const std::string& message, Summary& summary);

// Throws BadChunk if the bytes are no such message.
template <class Message>
Message parse(const std::string& bytes) {
  Message message;
  require(message.ParseFromString(bytes), "not a message of its kind");
  return message;
}

}  // namespace reticle::trace
