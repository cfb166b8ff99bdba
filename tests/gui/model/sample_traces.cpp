#include "tests/gui/model/sample_traces.h"

#include <stdexcept>

#include "sim/trace/recorder.h"

namespace reticle::gui::test {
namespace {

constexpr std::int64_t kNs = 1000;

}  // namespace

void write_two_streams(const std::filesystem::path& path) {
  trace::Recorder out(path, {"test", {{"seed", "1"}}});
  const auto rank = out.add_track(trace::kNoTrack, "rank 0", rtrace::TRACK_KIND_RANK);
  const auto compute = out.add_track(rank, "compute", rtrace::TRACK_KIND_STREAM);
  const auto comm = out.add_track(rank, "comm", rtrace::TRACK_KIND_STREAM);
  const auto power = out.add_counter(rank, "power", "W");
  const auto gemm = out.string("gemm");
  out.counter(power, 0, 100);
  out.begin(compute, gemm, 100 * kNs);
  out.slice(compute, out.string("tile load"), 100 * kNs, 10 * kNs);
  out.slice(compute, out.string("tile load"), 200 * kNs, 10 * kNs);
  const auto first = out.end(compute, 300 * kNs, {{out.string("flops"), std::int64_t{1000000}}});
  const auto dispatch = out.slice(comm, out.string("dispatch"), 300 * kNs, 300 * kNs);
  out.counter(power, 500 * kNs, 300);
  const auto second = out.slice(compute, gemm, 600 * kNs, 300 * kNs);
  out.flow(first, dispatch);
  out.flow(dispatch, second);
  out.counter(power, 1000 * kNs, 0);
  out.finish();
}

void write_dense(const std::filesystem::path& path, std::size_t count) {
  trace::Recorder out(path);
  const auto track = out.add_track(trace::kNoTrack, "dense", rtrace::TRACK_KIND_STREAM);
  const trace::StringId names[] = {out.string("a"), out.string("b")};
  for (std::size_t i = 0; i < count; ++i) {
    out.slice(track, names[i % 2], static_cast<std::int64_t>(i) * 4 * kNs, 3 * kNs);
  }
  out.finish();
}

void write_empty(const std::filesystem::path& path) { trace::Recorder(path).finish(); }

}  // namespace reticle::gui::test
