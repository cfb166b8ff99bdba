#include "study/retarget/kernel_table.h"

#include <catch2/catch.hpp>

#include "schema/operators.h"

namespace reticle::study {
namespace {

traces::RecognisedKernel product(std::int64_t m) {
  traces::RecognisedKernel kernel;
  kernel.kernel_class = traces::KernelClass::kGemm;
  kernel.what = "q_b";
  kernel.op = operators::gemm(m, 2000, 1000, DTYPE_BFLOAT16);
  return kernel;
}

}  // namespace

TEST_CASE("kernels of one operator and shape are a row, longest recorded first") {
  KernelTable table;
  table.add(product(10), {4000000, 2000000, 1000000});
  table.add(product(500), {5000000, 9000000, 8000000});
  table.add(product(10), {6000000, 2000000, 1000000});
  traces::RecognisedKernel unknown;
  table.add(unknown, {1, 2, 3});
  const std::vector<RetargetedKernel> rows = table.rows();
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].what == "q_b");
  CHECK(rows[0].shape == "gemm m=10 n=2000 k=1000 dtype=bfloat16 out_dtype=bfloat16");
  CHECK(rows[0].count == 2);
  CHECK(rows[0].recorded_ps == 10000000);
  CHECK(rows[0].simulated_ps == 4000000);
  CHECK(rows[0].alone_ps == 2000000);
  CHECK(rows[0].operations == 2 * 2.0 * 10 * 2000 * 1000);
  CHECK(rows[2].kernel_class == "other");
  CHECK(rows[2].shape.empty());
  const nlohmann::ordered_json json = to_json(rows);
  CHECK(json[0]["recorded_tflops"] == 8);  // 80 MFLOP in 10 us
  CHECK(json[0]["alone_tflops"] == 40);
  CHECK(json[1]["count"] == 1);
  CHECK(json[2]["recorded_tflops"] == 0);
  const std::string text = to_text(rows, 1);
  CHECK_THAT(text, Catch::Contains("gemm m=10 n=2000 k=1000 dtype=bfloat16"));
  CHECK_THAT(text, !Catch::Contains("m=500"));
}

}  // namespace reticle::study
