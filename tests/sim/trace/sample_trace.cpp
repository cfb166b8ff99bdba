#include "tests/sim/trace/sample_trace.h"

#include <fstream>

namespace reticle::trace::test {

namespace fs = std::filesystem;

void write_bytes(const fs::path& path, const std::string& bytes) {
  fs::remove(path);  // ext4 flushes a file that is cut to nothing and written again
  std::ofstream(path, std::ios::binary) << bytes;
}

namespace {

void layer(Recorder& out, TrackId stream, std::int64_t start_ps, SliceRef* previous) {
  const StringId bytes = out.string("hbm_bytes");
  const StringId energy = out.string("energy_j");
  const StringId bound = out.string("bound_by");
  out.begin(stream, out.string("layer"), start_ps);
  const SliceRef gemm = out.slice(stream, out.string("gemm"), start_ps, 700,
                                  {{bytes, std::int64_t{-5}}, {bound, out.string("tensor")}});
  out.slice(stream, out.string("rmsnorm"), start_ps + 700, 0, {{energy, 0.25}});
  out.end(stream, start_ps + 1000, {{energy, 1.5}});
  if (previous->track.value != 0) {
    out.flow(*previous, gemm, out.string("dispatch"));
  }
  *previous = gemm;
}

}  // namespace

void write_sample(const fs::path& path) {
  RecorderOptions options;
  options.producer = "golden";
  options.properties = {{"study", "sample"}, {"seed", "1"}};
  options.rows_per_chunk = 5;
  Recorder out(path, options);
  const TrackId system = out.add_track(kNoTrack, "system", rtrace::TRACK_KIND_SYSTEM);
  for (std::uint64_t r = 0; r < 2; ++r) {
    const TrackId rank =
        out.add_track(system, "rank " + std::to_string(r), rtrace::TRACK_KIND_RANK, r);
    const CounterId power = out.add_counter(rank, "power", "W");
    SliceRef previous;
    for (std::uint64_t s = 0; s < 2; ++s) {
      const TrackId stream =
          out.add_track(rank, "stream " + std::to_string(s), rtrace::TRACK_KIND_STREAM, s);
      for (std::int64_t i = 0; i < 2; ++i) {
        layer(out, stream, 1200 * i, &previous);
      }
    }
    out.counter(power, 0, 100);
    out.counter(power, 1000, 350.5);
    out.counter(power, 1000, 400);  // the last value of an instant counts
    out.counter(power, 3000, 100);
  }
  out.finish();
}

}  // namespace reticle::trace::test
