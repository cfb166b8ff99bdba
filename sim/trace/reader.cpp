#include "sim/trace/reader.h"

#include "schema/errors.h"
#include "sim/trace/order.h"
#include "sim/trace/recovery.h"

namespace reticle::trace {
namespace {

template <class Work>
auto at_chunk(const InputFile& file, std::uint64_t offset, Work work) {
  try {
    return work();
  } catch (const BadChunk& bad) {
    file.fail_at(offset, bad.what());
  }
}

std::string count(std::size_t number, const char* of) { return std::to_string(number) + " " + of; }

}  // namespace

Reader::Reader(const std::filesystem::path& path) : file_(path) {
  if (open_index()) {
    read_tables();
  } else {
    notice_ = recover(file_, summary_);
  }
}

// False if there is no whole index at the place that the end of the file names.
bool Reader::open_index() {
  if (file_.size() < kFileHeaderBytes + kFooterBytes) {
    return false;
  }
  const std::string footer = file_.read(file_.size() - kFooterBytes, kFooterBytes);
  const std::uint64_t offset = decode_integer(std::string_view(footer).substr(0, 8));
  if (footer.compare(8, kEndMagic.size(), kEndMagic) != 0 || !file_.holds_frame(offset)) {
    return false;
  }
  Frame frame;
  try {
    frame = file_.frame(offset);
  } catch (const InputError&) {
    return false;
  }
  check_encoding(file_, offset, frame.header);
  if (frame.header.kind != rtrace::CHUNK_KIND_INDEX) {
    return false;
  }
  at_chunk(file_, offset, [&] {
    const auto index = parse<rtrace::Index>(frame.message);
    summary_.chunks.assign(index.chunks().begin(), index.chunks().end());
    summary_.totals = from_index(index);
  });
  return true;
}

void Reader::read_tables() {
  for (const rtrace::ChunkEntry& chunk : summary_.chunks) {
    if (chunk.kind() < rtrace::CHUNK_KIND_HEADER || chunk.kind() > rtrace::CHUNK_KIND_COUNTERS) {
      continue;
    }
    const std::string bytes = message(chunk, chunk.kind());
    at_chunk(file_, chunk.offset(), [&] { add_table(chunk.kind(), bytes, summary_); });
  }
  const Totals& totals = summary_.totals;
  if (totals.tracks.size() != summary_.tracks.size() ||
      totals.counters.size() != summary_.counters.size()) {
    file_.fail("the index counts " + count(totals.tracks.size(), "tracks and ") +
               count(totals.counters.size(), "counters, the tables have ") +
               count(summary_.tracks.size(), "and ") + std::to_string(summary_.counters.size()));
  }
}

std::string Reader::message(const rtrace::ChunkEntry& chunk, ChunkKind kind) {
  Frame frame = file_.frame(chunk.offset());
  check_encoding(file_, chunk.offset(), frame.header);
  if (frame.header.kind != kind || frame.header.length != chunk.length()) {
    file_.fail_at(chunk.offset(), "not the one the index names");
  }
  return std::move(frame.message);
}

SliceBlock Reader::slices(const rtrace::ChunkEntry& chunk) {
  const std::string bytes = message(chunk, rtrace::CHUNK_KIND_SLICES);
  return at_chunk(file_, chunk.offset(),
                  [&] { return decode(parse<rtrace::Slices>(bytes), summary_.sizes()); });
}

SampleBlock Reader::samples(const rtrace::ChunkEntry& chunk) {
  const std::string bytes = message(chunk, rtrace::CHUNK_KIND_SAMPLES);
  return at_chunk(file_, chunk.offset(),
                  [&] { return decode(parse<rtrace::Samples>(bytes), summary_.sizes()); });
}

std::vector<Flow> Reader::flows(const rtrace::ChunkEntry& chunk) {
  const std::string bytes = message(chunk, rtrace::CHUNK_KIND_FLOWS);
  return at_chunk(file_, chunk.offset(),
                  [&] { return decode(parse<rtrace::Flows>(bytes), summary_.sizes()); });
}

void Reader::each_slices(const std::function<void(const SliceBlock&)>& visit) {
  Order order;
  for (const rtrace::ChunkEntry& chunk : summary_.chunks) {
    if (chunk.kind() == rtrace::CHUNK_KIND_SLICES) {
      const SliceBlock block = slices(chunk);
      at_chunk(file_, chunk.offset(), [&] { order.check(block); });
      visit(block);
    }
  }
}

void Reader::each_samples(const std::function<void(const SampleBlock&)>& visit) {
  Order order;
  for (const rtrace::ChunkEntry& chunk : summary_.chunks) {
    if (chunk.kind() == rtrace::CHUNK_KIND_SAMPLES) {
      const SampleBlock block = samples(chunk);
      at_chunk(file_, chunk.offset(), [&] { order.check(block); });
      visit(block);
    }
  }
}

void Reader::each_flows(const std::function<void(const std::vector<Flow>&)>& visit) {
  for (const rtrace::ChunkEntry& chunk : summary_.chunks) {
    if (chunk.kind() == rtrace::CHUNK_KIND_FLOWS) {
      visit(flows(chunk));
    }
  }
}

}  // namespace reticle::trace
