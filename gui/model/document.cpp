#include "gui/model/document.h"

#include <algorithm>
#include <exception>

#include "gui/model/format.h"

namespace reticle::gui {

Document::Document(const std::filesystem::path& path)
    : path_(path),
      reader_(std::make_unique<trace::Reader>(path)),
      summary_(reader_->summary()),
      index_(summary_) {
  empty_.lanes.resize(index_.size());
  empty_.series.resize(summary_.counters.size());
  thread_ = std::thread([this] { run(); });
}

Document::~Document() {
  cancel();
  wait();
}

void Document::wait() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

const TraceData& Document::data() { return loaded_ ? data_ : empty_; }

void Document::run() {
  try {
    data_ = load(*reader_, index_, [this](double done) {
      progress_ = done;
      return !cancelled_;
    });
  } catch (const std::exception& error) {  // out of memory
    data_ = empty_;
    data_.warnings.push_back(std::string("loading failed: ") + error.what());
  }
  progress_ = 1;
  loaded_ = true;
}

namespace {

// The row of slice `number` of a lane in `block`; the block's size if it is not there.
std::size_t row_of(const trace::SliceBlock& block, trace::TrackId track, std::uint32_t depth,
                   std::size_t number) {
  for (const trace::LaneRows& rows : block.lanes) {
    if (rows.track.value == track.value && rows.depth == depth && number >= rows.first &&
        number - rows.first < rows.end - rows.begin) {
      return rows.begin + (number - rows.first);
    }
  }
  return block.start_ps.size();
}

// Keys say their unit: energy_j, hbm_bytes.
std::string with_unit(const std::string& key, double value) {
  static const std::pair<const char*, const char*> kUnits[] = {
      {"_bytes", "B"}, {"_j", "J"}, {"_w", "W"}, {"_hz", "Hz"}, {"_flops", "FLOP"}};
  for (const auto& [suffix, unit] : kUnits) {
    const std::string_view ending = suffix;
    if (key.size() > ending.size() && key.substr(key.size() - ending.size()) == ending) {
      return format_quantity(value, unit);
    }
  }
  return format_number(value);
}

std::string argument_text(const trace::Summary& summary, const trace::ArgColumn& column,
                          std::size_t at) {
  if (const auto* whole = std::get_if<std::vector<std::int64_t>>(&column.values)) {
    const std::int64_t value = (*whole)[at];
    const std::string plain = format_number(static_cast<double>(value));
    const std::string text = with_unit(summary.text(column.key), static_cast<double>(value));
    return text != plain ? text : std::to_string(value);
  }
  if (const auto* real = std::get_if<std::vector<double>>(&column.values)) {
    return with_unit(summary.text(column.key), (*real)[at]);
  }
  return summary.text(std::get<std::vector<trace::StringId>>(column.values)[at]);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> slice_arguments(const Document& document,
                                                                 const SliceKey& key) {
  const trace::TrackId track = document.lanes().track(key.lane);
  const std::uint32_t depth = document.lanes().depth(key.lane);
  trace::Reader reader(document.path());
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& chunk : reader.summary().chunks) {
    if (chunk.kind() != rtrace::CHUNK_KIND_SLICES) {
      continue;
    }
    const trace::SliceBlock block = reader.slices(chunk);
    const std::size_t row = row_of(block, track, depth, key.slice);
    if (row == block.start_ps.size()) {
      continue;
    }
    for (const trace::ArgColumn& column : block.args) {
      const auto at = std::lower_bound(column.rows.begin(), column.rows.end(), row);
      if (at != column.rows.end() && *at == row) {
        found.emplace_back(reader.summary().text(column.key),
                           argument_text(reader.summary(), column,
                                         static_cast<std::size_t>(at - column.rows.begin())));
      }
    }
    break;
  }
  return found;
}

}  // namespace reticle::gui
