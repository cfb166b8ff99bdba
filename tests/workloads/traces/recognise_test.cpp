#include "workloads/traces/recognise.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "tests/workloads/traces/support.h"
#include "workloads/traces/kineto_reader.h"
#include "workloads/traces/weights.h"

namespace reticle::traces {
namespace {

// DeepSeek-V3's config.json.
Model deepseek() {
  Model model;
  model.set_hidden(7168);
  Mla& mla = *model.mutable_mla();
  mla.set_heads(128);
  mla.set_q_rank(1536);
  mla.set_kv_rank(512);
  mla.set_nope_dim(128);
  mla.set_rope_dim(64);
  mla.set_v_dim(128);
  Experts& experts = *model.mutable_experts();
  experts.set_routed(256);
  experts.set_shared(1);
  experts.set_topk(8);
  experts.set_width(2048);
  return model;
}

// A recording of kernels launched one after the other by one thread.
class Launches {
 public:
  void add(const std::string& name, const std::string& grid, int shared_memory = 0) {
    const int n = ++count_;
    const std::string at = std::to_string(10 * n);
    const std::string tie = "\"correlation\":" + std::to_string(n);
    text_ += R"({"ph":"X","cat":"cuda_runtime","name":"cudaLaunchKernel","pid":1,"tid":1,"ts":)" +
             at + ",\"dur\":1,\"args\":{" + tie + "}},\n" + R"({"ph":"X","cat":"kernel","name":")" +
             name + R"(","pid":0,"tid":7,"ts":)" + at + ".5,\"dur\":5,\"args\":{" + tie +
             ",\"grid\":[" + grid +
             "],\"block\":[128,1,1],\"shared memory\":" + std::to_string(shared_memory) + "}},\n";
  }
  std::vector<RecognisedKernel> recognised(const Model& model) const {
    const test::Folder folder;
    const Recording r = read_kineto(folder.write(
        "t.json", "{\"distributedInfo\":{\"rank\":0,\"world_size\":64},\"traceEvents\":[\n" +
                      text_.substr(0, text_.size() - 2) + "]}"));
    const LaunchGraph graph = launch_graph(r);
    std::vector<RecognisedKernel> out;
    const std::vector<RecognisedKernel> all = recognise(r, graph, model);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (graph.tasks[i].device) {
        out.push_back(all[i]);
      }
    }
    return out;
  }

 private:
  std::string text_;
  int count_ = 0;
};

const char* const kCast = "void cuda::per_token_cast_to_fp8_with_channels<__nv_bfloat16, 128>()";
const char* const kGemm = "void dpsk::grouped_gemm::cuda::fp8_ptp128c::GemmKernel";
const char* const kGrouped = "void dpsk::grouped_gemm::cuda::m_grouped_fp8_ptp128c::GemmKernel";
const char* const kWeightGradient = "void dpsk::grouped_gemm::cuda::fp8_dptp128c_acc::GemmKernel";
const char* const kCastTransposed = "void cuda::per_channel_cast_and_transpose<256, 128, false>()";
const char* const kFlash =
    "void flash::compute_attn_ws<Flash_fwd_kernel_traits<192, 128, 128, 12>>()";

std::string text(const RecognisedKernel& kernel) {
  const auto* op = std::get_if<Operator>(&kernel.op);
  return op == nullptr ? "none" : kernel.what + ": " + op->ShortDebugString();
}

int shared_for(int k) { return 217604 + k / 16; }

}  // namespace

TEST_CASE("weights of a layer in the order of a forward pass") {
  std::vector<std::string> names;
  for (const Weight& weight : layer_weights(deepseek())) {
    names.push_back(weight.name);
  }
  CHECK(names == std::vector<std::string>{"q_a", "kv_a", "q_b", "kv_b", "o_proj", "shared gate_up",
                                          "shared down", "expert gate_up", "expert down"});
  CHECK(layer_weights(deepseek())[2].out == 24576);  // validation.md: q_b 24576 x 1536
  CHECK(layer_weights(Model()).empty());
}

TEST_CASE("forward products follow the order of the layer's weights") {
  Launches trace;
  trace.add(kFlash, "32,128,1");  // 4096 queries, 128 heads
  for (const int k : {7168, 7168, 1536, 512, 16384, 7168, 2048}) {
    trace.add(kCast, "4096,1,1");
    trace.add(kGemm, "112,1,1", shared_for(k));
  }
  const std::vector<RecognisedKernel> all = trace.recognised(deepseek());
  CHECK(text(all[0]) ==
        "attention core: mla_prefill { batch_size: 1 isl: 4096 num_heads: 128 dtype: "
        "DTYPE_BFLOAT16 }");
  std::vector<std::int64_t> n;
  for (std::size_t i = 2; i < all.size(); i += 2) {
    n.push_back(std::get<Operator>(all[i].op).gemm().n());
    CHECK(std::get<Operator>(all[i].op).gemm().m() == 4096);
  }
  CHECK(n == std::vector<std::int64_t>{1536, 576, 24576, 32768, 7168, 4096, 7168});
  CHECK(std::get<Operator>(all[3].op).quantize().n() == 7168);  // the cast before the second
}

TEST_CASE("a transposed weight makes a data gradient, transposed operands a weight gradient") {
  Launches trace;
  trace.add(kFlash, "32,128,1");
  trace.add("void cuda::batched_transpose<512, 128, 1, 1>()", "280,1,1");  // 576 x 7168
  trace.add(kCast, "4096,1,1");
  trace.add(kGemm, "112,1,1", shared_for(576));
  trace.add(kCastTransposed, "192,32,1");  // 24576
  trace.add(kCastTransposed, "12,32,1");   // 1536
  trace.add(kWeightGradient, "112,1,1");
  trace.add(kWeightGradient, "112,1,1");  // with nothing left to be a gradient of
  const std::vector<RecognisedKernel> all = trace.recognised(deepseek());
  CHECK(text(all[3]) ==
        "kv_a data gradient: gemm { m: 4096 n: 7168 k: 576 dtype: DTYPE_FP8_BLOCK "
        "out_dtype: DTYPE_BFLOAT16 }");
  CHECK(all[3].confidence == Confidence::kHigh);
  CHECK(text(all[6]) ==
        "q_b weight gradient: gemm { m: 24576 n: 1536 k: 4096 dtype: "
        "DTYPE_FP8_BLOCK out_dtype: DTYPE_FLOAT32 accumulate: true }");
  CHECK(text(all[7]) == "none");
}

TEST_CASE("grouped products forward and backward") {
  Launches trace;
  trace.add(kFlash, "32,128,1");
  for (const int k : {7168, 2048, 7168, 4096}) {
    trace.add(kCast, "32512,1,1");
    trace.add(kGrouped, "1,112,1", shared_for(k));
  }
  const std::vector<RecognisedKernel> all = trace.recognised(deepseek());
  const auto n = [&](std::size_t i) { return std::get<Operator>(all[i].op).grouped_gemm().n(); };
  CHECK(std::get<Operator>(all[2].op).grouped_gemm().groups() == 4);  // 256 experts on 64 ranks
  CHECK(std::get<Operator>(all[2].op).grouped_gemm().m() == 8128);
  CHECK(std::vector<std::int64_t>{n(2), n(4), n(6), n(8)} ==
        std::vector<std::int64_t>{4096, 7168, 2048, 7168});
  CHECK(all[6].what == "expert down data gradient");
}

TEST_CASE("the tile of a backward attention kernel is in its name") {
  const char* const name =
      "void flash::FlashAttnBwd<flash::CollectiveMainloopBwd<2, cute::tuple<cute::C<1>, "
      "cute::C<1>, "
      "cute::C<1> >, cute::tuple<cute::C<64>, cute::C<128>, cute::C<192> >, "
      "cute::tuple<cute::C<64>, "
      "cute::C<128>, cute::C<128> >, cutlass::bfloat16_t> >";
  Launches trace;
  trace.add(kFlash, "32,128,1");
  trace.add(name, "32,128,1");
  trace.add("void flash::FlashAttnBwd<flash::CollectiveMainloopBwd<2, cute::C<1> > >", "32,128,1");
  const std::vector<RecognisedKernel> all = trace.recognised(deepseek());
  CHECK(all[1].backward.queries == 64);
  CHECK(all[1].backward.keys == 128);
  CHECK(all[1].backward.d == 192);
  CHECK(all[1].backward.v == 128);
  CHECK(all[1].times == Approx((3 * 192 + 2 * 128) / 320.0));
  CHECK(all[2].backward.keys == 0);  // cut short
}

TEST_CASE("norms of the residual stream add to it, before the gate and backward") {
  const auto norm = [](const char* way, const char* width) {
    return "void layer_norm::ln_" + std::string(way) +
           "_kernel<layer_norm::Kernel_traits<float, unsigned int, " + width + "u, 1u, 1u> >";
  };
  Launches trace;
  trace.add(kFlash, "32,128,1");
  trace.add(norm("fwd", "7168"), "396,1,1");
  trace.add("sm90_xmma_gemm_bf16f32_bf16f32_f32_tn_n_tilesize128x128x64", "32,2,1");
  trace.add(norm("fwd", "7168"), "396,1,1");
  trace.add(kCast, "4096,1,1");
  trace.add(norm("bwd", "7168"), "132,1,1");
  trace.add(norm("bwd", "1536"), "660,1,1");
  const std::vector<RecognisedKernel> all = trace.recognised(deepseek());
  CHECK(all[1].times == 2);    // in, residual in; sum out, norm out
  CHECK(all[3].times == 1);    // computed again
  CHECK(all[5].times == 2);    // x, dy, the residual's gradient in; dx out
  CHECK(all[6].times == 1.5);  // of the query's low rank
  CHECK(std::get<Operator>(all[6].op).rmsnorm().n() == 1536);
}

TEST_CASE("lists of who goes where are walked an index a thread") {
  Launches trace;
  trace.add(kFlash, "32,128,1");
  trace.add("void cuda::get_fused_mapping<512>(long const*)", "4,1,1");
  trace.add("void cuda::reduce_fused_impl<__nv_bfloat16>()", "30048,1,1");
  const std::vector<RecognisedKernel> all = trace.recognised(deepseek());
  CHECK(all[1].trips == (30048 * 8 + 127) / 128);  // rows that arrived x top-k, by 128 threads
  CHECK(std::get<Operator>(all[1].op).copy().bytes() == 4LL * 30048 * 8 * 8 / 2);
  CHECK(all[2].trips == 1);
}

TEST_CASE("elementwise kernels move what grid, vector width and type say") {
  Launches trace;
  trace.add(
      "void at::native::vectorized_elementwise_kernel<4, at::native::CUDAFunctor_add<"
      "c10::BFloat16>, at::detail::Array<char*, 3> >(int)",
      "57344,1,1");
  trace.add(
      "void at::native::unrolled_elementwise_kernel<at::native::FillFunctor<float>, "
      "at::detail::Array<char*, 1> >(int)",
      "10,1,1");
  const std::vector<RecognisedKernel> all = trace.recognised(Model());
  CHECK(std::get<Operator>(all[0].op).copy().bytes() == 4096LL * 7168 * 3 * 2 / 2);
  CHECK(std::get<Operator>(all[1].op).copy().bytes() == 10 * 512 * 4 / 2);
}

TEST_CASE("without a model, shapes that grids do not tell stay unknown") {
  Launches trace;
  trace.add(kCast, "4096,1,1");
  trace.add(kGemm, "112,1,1", shared_for(7168));
  trace.add("what_is_this", "1,1,1");
  const std::vector<RecognisedKernel> all = trace.recognised(Model());
  CHECK(text(all[0]) == "cast: quantize { m: 4096 n: 7168 dtype: DTYPE_FP8_BLOCK }");
  CHECK(all[1].confidence == Confidence::kNone);
  CHECK(all[1].kernel_class == KernelClass::kGemm);
  CHECK(all[2].kernel_class == KernelClass::kOther);
}

TEST_CASE("DeepSeek's profile: shapes do not come from durations, and cover 95 % of them") {
  const std::filesystem::path path = "/work/shared/data/traces/deepseek-profile/train.json";
  if (!std::filesystem::exists(path)) {
    WARN("skipped: " << path << " is not here (it has no licence to ship)");
    return;
  }
  Recording r = read_kineto(path);
  const LaunchGraph graph = launch_graph(r);
  const std::vector<RecognisedKernel> first = recognise(r, graph, deepseek());
  double known = 0;
  double all = 0;
  std::map<std::uint32_t, std::vector<std::size_t>> by_name;
  for (std::size_t i = 0; i < graph.tasks.size(); ++i) {
    const std::uint32_t slice = graph.tasks[i].slice;
    if (graph.tasks[i].device) {
      const auto ps = static_cast<double>(r.slices.duration_ps[slice]);
      all += ps;
      known += first[i].confidence >= Confidence::kMedium ? ps : 0;
      by_name[r.slices.name[slice]].push_back(slice);
    }
  }
  CHECK(known / all > 0.95);
  std::mt19937 random(7);
  for (auto& [name, slices] : by_name) {  // the same durations, dealt out anew within a name
    for (std::size_t i = slices.size() - 1; i > 0; --i) {
      std::swap(
          r.slices.duration_ps[slices[i]],
          r.slices.duration_ps[slices[std::uniform_int_distribution<std::size_t>(0, i)(random)]]);
    }
  }
  const LaunchGraph shuffled = launch_graph(r);
  CHECK(shuffled.waits == graph.waits);
  const std::vector<RecognisedKernel> again = recognise(r, shuffled, deepseek());
  std::size_t different = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    different += text(first[i]) == text(again[i]) ? 0 : 1;
  }
  CHECK(different == 0);
}

}  // namespace reticle::traces
