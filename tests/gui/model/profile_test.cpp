#include <catch2/catch.hpp>

#include "gui/model/document.h"
#include "gui/model/roofline.h"
#include "study/trace/read_recording.h"

namespace reticle::gui {
namespace {

const std::filesystem::path kProfile =
    std::filesystem::path(RETICLE_SOURCE_DIR) / "tests/workloads/traces/sample.json";

Model small_model() {
  Model model;
  model.set_name("small");
  model.set_hidden(2048);
  model.mutable_experts()->set_routed(64);
  model.mutable_experts()->set_topk(4);
  model.mutable_experts()->set_width(512);
  return model;
}

// One SM of 1,000 multiply-accumulates a clock at 1 GHz; memory of 1 GB/s.
Chip small_chip() {
  Chip chip;
  chip.set_family(FAMILY_TENSOR_GPU);
  chip.set_clock(1e9);
  chip.mutable_tensor_gpu()->set_sms(1);
  MatrixRate& rate = *chip.mutable_tensor_gpu()->add_matrix();
  rate.set_dtype(DTYPE_BFLOAT16);
  rate.set_macs_per_clk(1000);
  chip.mutable_hbm()->set_stacks(1);
  chip.mutable_hbm()->set_channels_per_stack(1);
  chip.mutable_hbm()->set_channel_width(8);
  chip.mutable_hbm()->set_data_rate(1e9);
  return chip;
}

TEST_CASE(
    "a profile's kernels have the operations and bytes of their shapes, under its chip's roofs") {
  std::string asked;
  Document document(kProfile, {small_model(), [&](const std::string& device) {
                                 asked = device;
                                 return std::optional(small_chip());
                               }});
  document.wait();
  const traces::Recording recording = study::read_recording(kProfile);
  CHECK(asked == recording.device);
  double operations = 0;
  double bytes = 0;
  for (const study::KernelAmount& amount :
       study::kernel_amounts(recording, traces::launch_graph(recording), small_model())) {
    const bool both = amount.operations > 0 && amount.bytes > 0;
    operations += both ? amount.operations : 0;
    bytes += both ? amount.bytes : 0;
  }
  REQUIRE(operations > 0);
  const Roofline found = roofline(document.contents(), document.whole(), {});
  double shown = 0;
  double moved = 0;
  for (const RooflinePoint& point : found.points) {
    shown += point.operations;
    moved += point.bytes;
  }
  CHECK(shown == Approx(operations));
  CHECK(moved == Approx(bytes));
  REQUIRE(found.roofs.size() == 1);
  CHECK(found.roofs[0].name == "bfloat16");
  CHECK(found.roofs[0].operations_per_s == 2e12);
  CHECK(found.bytes_per_s == 1e9);
}

TEST_CASE("without a model and a chip fewer kernels are placed, and there are no roofs") {
  Document with(kProfile, {small_model(), {}});
  Document without(kProfile);
  with.wait();
  without.wait();
  const Roofline all = roofline(with.contents(), with.whole(), {});
  const Roofline some = roofline(without.contents(), without.whole(), {});
  CHECK(some.points.size() <= all.points.size());
  CHECK(all.roofs.empty());
  CHECK(all.bytes_per_s == 0);
}

}  // namespace
}  // namespace reticle::gui
