#include "study/retarget/recorded_stack.h"

#include <catch2/catch.hpp>

namespace reticle::study {

TEST_CASE("a recording's stack is known by its kernels, where the chip runs them") {
  const config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
  const Chip h800 = catalog.chip("h800-sxm").message;
  traces::Recording recording;
  recording.strings.id("void at::native::vectorized_elementwise_kernel<4>");
  CHECK(recorded_stack(catalog, recording, &h800, "hgx-h800").empty());
  recording.strings.id("void cutlass::device_kernel<dpsk::grouped_gemm::cuda::GemmKernel>");
  CHECK(recorded_stack(catalog, recording, &h800, "hgx-h800") == "deepseek-training");
  CHECK(recorded_stack(catalog, recording, &h800, "hgx-h100") == "deepseek-training");
  CHECK(recorded_stack(catalog, recording, &h800, "hgx-a100").empty());  // mma.sync
  CHECK(recorded_stack(catalog, recording, &h800, "cloudmatrix384").empty());
  CHECK(recorded_stack(catalog, recording, nullptr, "hgx-h800").empty());  // recorded on what?
}

}  // namespace reticle::study
