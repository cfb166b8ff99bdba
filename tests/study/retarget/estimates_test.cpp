#include "study/retarget/estimates.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "workloads/traces/kineto_reader.h"
#include "workloads/traces/recognise.h"

namespace reticle::study {
namespace {

const std::filesystem::path kTrace =
    std::filesystem::path(RETICLE_SOURCE_DIR) / "tests/workloads/traces/sample.json";

ProfileInfo estimated(const Model& model) {
  const traces::Recording recording = traces::read_kineto(kTrace);
  ProfileInfo info = profile_info(recording, "sample.json");
  add_estimates(recording, model, info);
  return info;
}

Model small_model() {
  Model model;
  model.set_hidden(2048);
  model.mutable_experts()->set_routed(64);
  model.mutable_experts()->set_topk(4);
  model.mutable_experts()->set_width(512);
  return model;
}

}  // namespace

TEST_CASE("operations of GEMMs are 2 m n k of what they are recognised as") {
  const traces::Recording recording = traces::read_kineto(kTrace);
  const traces::LaunchGraph graph = traces::launch_graph(recording);
  double expected = 0;
  for (const auto& kernel : traces::recognise(recording, graph, small_model())) {
    if (const auto* op = std::get_if<Operator>(&kernel.op); op != nullptr && op->has_gemm()) {
      expected += 2.0 * static_cast<double>(op->gemm().m()) * static_cast<double>(op->gemm().n()) *
                  static_cast<double>(op->gemm().k());
    }
  }
  REQUIRE(expected > 0);
  for (const ProfileClass& c : estimated(small_model()).classes) {
    if (c.kernel_class == traces::KernelClass::kGemm) {
      CHECK(c.operations == Approx(expected));
      CHECK(c.bytes > 0);
    }
  }
}

TEST_CASE("estimates cover at most the class, and less without a model") {
  std::int64_t with = 0;
  std::int64_t without = 0;
  for (const ProfileClass& c : estimated(small_model()).classes) {
    CHECK(c.estimated_ps <= c.total_ps);
    with += c.estimated_ps;
  }
  for (const ProfileClass& c : estimated({}).classes) {
    without += c.estimated_ps;
  }
  CHECK(without <= with);
  CHECK(with > 0);
}

}  // namespace reticle::study
