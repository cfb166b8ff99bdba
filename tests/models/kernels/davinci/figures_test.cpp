#include <catch2/catch.hpp>
#include <cstdio>

#include "tests/models/kernels/davinci/die.h"

using namespace reticle;
using namespace reticle::kernels;

// Published figures beside simulated ones, printed, with nothing tuned towards them;
// docs/davinci.md says what is missing where they differ. The bounds asserted are physical ones.

namespace {

void print(const std::string& what, double simulated, const char* published,
           const std::string& variant) {
  std::printf("%-34s %7.1f   published %-12s %s\n", what.c_str(), simulated, published,
              variant.c_str());
}

}  // namespace

// Published: CANN matmul sample (8192, at 1.85 GHz, 4 x 6 split), PTO GEMM on an A3 die; both
// include the kernel's head of about 11 us.
TEST_CASE("large bf16 GEMMs, TFLOPS on 24 cores") {
  Bench bench(die());
  const std::pair<std::int64_t, const char*> rows[] = {
      {1536, "187"}, {3072, "281"}, {6144, "308"}, {7680, "286"}, {8192, "274"}};
  for (const auto& [size, published] : rows) {
    const Work work = gemm(size, size, size);
    const chips::RunActivity activity = bench.run(work, cores(24, 48));
    const double reached = tflops(work, activity) / peak(bench.chip, DTYPE_BFLOAT16, 24);
    print(std::to_string(size), tflops(work, activity), published, bench.program.variant);
    print("  cube busy, %", 100 * busy_share(bench.chip, activity, RESOURCE_TENSOR, 24),
          size == 8192 ? "86.4" : "-", "");
    CHECK(reached > 0.6);
    CHECK(reached < 1);
  }
}

// Published: CM384 (arXiv 2506.12708) table 10, 77.4-82.7 % of 752 TOPS a die, shapes not stated.
TEST_CASE("int8 expert GEMM, TOPS on 24 cores") {
  Bench bench(die());
  const Work work = grouped({480}, 4096, 7168, DTYPE_INT8);
  for (const Dequant dequant : {DEQUANT_VECTOR, DEQUANT_EPILOGUE}) {
    const chips::RunActivity activity = bench.run(work, cores(24, 48), dequant);
    print("480x4096x7168 int8", tflops(work, activity), "582-622", bench.program.variant);
    CHECK(tflops(work, activity) < peak(bench.chip, DTYPE_INT8, 24));
    CHECK(tflops(work, activity) > 0.6 * peak(bench.chip, DTYPE_INT8, 24));
  }
}

// Published: CM384 tables 8 and 9: 246 TFLOPS a die bound by compute, 1,346 GB/s bound by memory;
// AMLA (arXiv 2509.25224) 614 a package. Shapes are not stated. A step of the study has 24
// sequences, 2 positions and 128 heads.
TEST_CASE("MLA core, TFLOPS on 24 cores") {
  Bench bench(die());
  for (const std::int64_t queries : {256, 128, 32}) {
    const Work work = mla(24, 4096, 1, queries);
    double before = 0;
    for (const MlaVariant variant : {MLA_VARIANT_CM384, MLA_VARIANT_AMLA}) {
      const chips::RunActivity activity = bench.run(work, cores(24, 48), DEQUANT_VECTOR, variant);
      const bool cm384 = variant == MLA_VARIANT_CM384;
      print("24 x 4096, " + std::to_string(queries) + " queries", tflops(work, activity),
            cm384 ? "246" : "307", bench.program.variant);
      print("  HBM, GB/s", 1e3 * activity.hbm_bytes / static_cast<double>(activity.elapsed),
            cm384 ? "1346" : "-", "");
      CHECK(tflops(work, activity) > before);
      CHECK(tflops(work, activity) < peak(bench.chip, DTYPE_BFLOAT16, 24));
      before = tflops(work, activity);
    }
  }
}
