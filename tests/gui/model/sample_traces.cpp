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

void write_dense(const std::filesystem::path& path, std::size_t count, std::size_t rows_per_chunk) {
  trace::RecorderOptions options;
  options.rows_per_chunk = rows_per_chunk;
  trace::Recorder out(path, options);
  const auto track = out.add_track(trace::kNoTrack, "dense", rtrace::TRACK_KIND_STREAM);
  const trace::StringId names[] = {out.string("a"), out.string("b")};
  for (std::size_t i = 0; i < count; ++i) {
    out.slice(track, names[i % 2], static_cast<std::int64_t>(i) * 4 * kNs, 3 * kNs);
  }
  out.finish();
}

namespace {

struct RankSample {
  trace::TrackId compute;
  trace::TrackId comm;
};

RankSample add_rank(trace::Recorder& out, const std::string& name, std::uint64_t number) {
  const auto rank = out.add_track(trace::kNoTrack, name, rtrace::TRACK_KIND_RANK, number);
  const auto compute = out.add_track(rank, "compute", rtrace::TRACK_KIND_STREAM, 0);
  const auto comm = out.add_track(rank, "comm", rtrace::TRACK_KIND_STREAM, 1);
  const auto power = out.add_counter(rank, "power", "W");
  out.counter(power, 0, 1000);
  for (std::uint64_t slot = 0; slot < 2; ++slot) {
    const auto load = out.add_counter(rank, "slot " + std::to_string(slot), "tokens");
    out.counter(load, 0, number == 1 ? 20 : slot == 0 ? 10 : 30);
  }
  return {compute, comm};
}

}  // namespace

void write_two_ranks(const std::filesystem::path& path, double stretch) {
  constexpr std::int64_t kUs = 1'000'000;
  trace::Recorder out(path,
                      {"test", {{"hbm_bytes_per_s", "1e12"}, {"peak_bfloat16_per_s", "1e14"}}});
  const auto args = [&](double operations, double bytes, const char* bound, double joules) {
    return trace::Args{{out.string("operations"), operations},
                       {out.string("hbm_bytes"), bytes},
                       {out.string("bound_by"), out.string(bound)},
                       {out.string("energy_j"), joules}};
  };
  const double gemm_us[] = {1, 1.5};
  for (std::uint64_t r = 0; r < 2; ++r) {
    const RankSample rank = add_rank(out, "rank " + std::to_string(r), r);
    const auto gemm_ps = static_cast<std::int64_t>(gemm_us[r] * stretch * kUs);
    out.slice(rank.compute, out.string("gemm"), 0, gemm_ps, args(1e8, 1e5, "tensor", 1e-3));
    const std::int64_t moved_ps = r == 0 ? 400'000 : 100'000;
    const auto moved = out.slice(
        rank.comm, out.string("dispatch"), gemm_ps, moved_ps,
        {{out.string("payload_bytes"), 1e4}, {out.string("bound_by"), out.string("link")}});
    const auto norm = out.slice(rank.compute, out.string("norm"), gemm_ps + 500'000, 500'000,
                                args(1e6, 4e5, "hbm", 2e-4));
    out.flow(moved, norm);
  }
  out.finish();
}

std::string kineto_json() {
  return R"json({"deviceProperties":[{"name":"made-up GPU"}],
"distributedInfo":{"rank":1,"world_size":4},
"traceEvents":[
{"ph":"M","name":"process_name","pid":9,"tid":0,"args":{"name":"python3"}},
{"ph":"M","name":"process_name","pid":0,"tid":0,"args":{"name":"python3"}},
{"ph":"M","name":"process_labels","pid":0,"tid":0,"args":{"labels":"GPU 0"}},
{"ph":"M","name":"thread_name","pid":9,"tid":5,"args":{"name":"thread 5"}},
{"ph":"M","name":"thread_name","pid":0,"tid":7,"args":{"name":"stream 7"}},
{"ph":"M","name":"thread_name","pid":0,"tid":20,"args":{"name":"stream 20"}},
{"ph":"X","cat":"user_annotation","name":"step","pid":9,"tid":5,"ts":1000000,"dur":50},
{"ph":"X","cat":"cpu_op","name":"aten::mm","pid":9,"tid":5,"ts":1000001,"dur":8},
{"ph":"X","cat":"cuda_runtime","name":"cudaLaunchKernel","pid":9,"tid":5,"ts":1000004,"dur":2,
 "args":{"correlation":1}},
{"ph":"s","id":1,"pid":9,"tid":5,"ts":1000004,"cat":"ac2g","name":"ac2g"},
{"ph":"X","cat":"cuda_runtime","name":"cudaLaunchKernel","pid":9,"tid":5,"ts":1000012,"dur":2,
 "args":{"correlation":2}},
{"ph":"X","cat":"cuda_runtime","name":"cudaStreamWaitEvent","pid":9,"tid":5,"ts":1000015,"dur":1,
 "args":{"correlation":4}},
{"ph":"X","cat":"cuda_runtime","name":"cudaLaunchKernel","pid":9,"tid":5,"ts":1000017,"dur":2,
 "args":{"correlation":3}},
{"ph":"X","cat":"kernel","name":"void ns::gemm<4, 2>(float*)","pid":0,"tid":7,"ts":1000010,"dur":20,
 "args":{"correlation":1,"grid":[112,1,1],"block":[128,1,1]}},
{"ph":"f","id":1,"bp":"e","pid":0,"tid":7,"ts":1000010,"cat":"ac2g","name":"ac2g"},
{"ph":"X","cat":"kernel","name":"ncclAllReduce","pid":0,"tid":20,"ts":1000030,"dur":30.5,
 "args":{"correlation":2}},
{"ph":"X","cat":"kernel","name":"add_kernel","pid":0,"tid":7,"ts":1000062,"dur":5,
 "args":{"correlation":3}}
]
})json";
}

void write_empty(const std::filesystem::path& path) { trace::Recorder(path).finish(); }

}  // namespace reticle::gui::test
