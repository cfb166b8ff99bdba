#include "sim/trace/recovery.h"

#include "schema/errors.h"
#include "sim/trace/order.h"

namespace reticle::trace {
namespace {

class Scan {
 public:
  Scan(InputFile& file, Summary& summary) : file_(file), summary_(summary) {}

  std::string run() {
    std::uint64_t offset = kFileHeaderBytes;
    while (file_.holds_frame(offset) && kind_at(offset) != rtrace::CHUNK_KIND_INDEX) {
      const Frame frame = file_.frame(offset);
      add(offset, frame);
      offset += kFrameHeaderBytes + frame.header.length;
    }
    return "no whole index at the end (cut short, or its writer was stopped); recovered " +
           std::to_string(frames_) + " whole chunks, up to byte " + std::to_string(offset) +
           " of " + std::to_string(file_.size());
  }

 private:
  ChunkKind kind_at(std::uint64_t offset) {
    return static_cast<ChunkKind>(decode_frame_header(file_.read(offset, kFrameHeaderBytes)).kind);
  }

  void add(std::uint64_t offset, const Frame& frame) {
    ++frames_;
    rtrace::ChunkEntry entry;
    entry.set_kind(static_cast<ChunkKind>(frame.header.kind));
    entry.set_offset(offset);
    entry.set_length(frame.header.length);
    if (!rtrace::ChunkKind_IsValid(frame.header.kind)) {
      return;
    }
    check_encoding(file_, offset, frame.header);
    try {
      entry.set_rows(count(entry.kind(), frame.message));
    } catch (const BadChunk& bad) {
      file_.fail_at(offset, bad.what());
    }
    entry.set_first_ps(static_cast<std::uint64_t>(span_.first_ps));
    entry.set_last_ps(static_cast<std::uint64_t>(span_.last_ps));
    summary_.chunks.push_back(entry);
  }

  // Adds a chunk's rows to the totals; returns their number and leaves their span in span_.
  std::uint64_t count(ChunkKind kind, const std::string& message) {
    Totals& totals = summary_.totals;
    const Span all = totals.span;
    totals.span = {};
    std::uint64_t rows = 0;
    if (kind == rtrace::CHUNK_KIND_SLICES) {
      rows = count_block(decode(parse<rtrace::Slices>(message), summary_.sizes()));
    } else if (kind == rtrace::CHUNK_KIND_SAMPLES) {
      rows = count_block(decode(parse<rtrace::Samples>(message), summary_.sizes()));
    } else if (kind == rtrace::CHUNK_KIND_FLOWS) {
      rows = count_flows(decode(parse<rtrace::Flows>(message), summary_.sizes()));
    } else {
      rows = add_table(kind, message, summary_);
      totals.tracks.resize(summary_.tracks.size());
      totals.counters.resize(summary_.counters.size());
    }
    span_ = totals.span;
    if (!all.empty) {
      totals.span.add(all.first_ps, all.last_ps);
    }
    return rows;
  }

  std::uint64_t count_block(const SliceBlock& block) {
    order_.check(block);
    summary_.totals.add(block);
    return block.name.size();
  }

  std::uint64_t count_block(const SampleBlock& block) {
    order_.check(block);
    summary_.totals.add(block);
    return block.value.size();
  }

  std::uint64_t count_flows(const std::vector<Flow>& flows) {
    for (const Flow& flow : flows) {
      summary_.totals.add_flow(flow);
    }
    return flows.size();
  }

  InputFile& file_;
  Summary& summary_;
  Order order_;
  Span span_;
  std::uint64_t frames_ = 0;
};

}  // namespace

std::string recover(InputFile& file, Summary& summary) { return Scan(file, summary).run(); }

void check_encoding(const InputFile& file, std::uint64_t offset, const FrameHeader& header) {
  if (header.encoding != kPlain) {
    file.fail_at(offset, "stored in encoding " + std::to_string(header.encoding) +
                             ", which this program does not know: a newer one wrote it");
  }
}

}  // namespace reticle::trace
