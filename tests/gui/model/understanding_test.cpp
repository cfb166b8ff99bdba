#include <catch2/catch.hpp>
#include <filesystem>

#include "gui/model/comparison.h"
#include "gui/model/csv.h"
#include "gui/model/document.h"
#include "gui/model/energy.h"
#include "gui/model/marks.h"
#include "gui/model/ranks.h"
#include "gui/model/roofline.h"
#include "tests/gui/model/sample_traces.h"

namespace reticle::gui {
namespace {

using test::Folder;

struct Ranks {
  explicit Ranks(double stretch = 1) : document(write(stretch)) { document.wait(); }
  std::filesystem::path write(double stretch) const {
    test::write_two_ranks(directory / "ranks.rtrace", stretch);
    return directory / "ranks.rtrace";
  }
  const Contents& contents() const { return document.contents(); }
  test::Folder directory;
  Document document;
};

TEST_CASE("energy of a range is power times time, and the parts of slices inside") {
  const Ranks ranks;
  const auto counters = counter_energy(ranks.contents(), {500'000, 1'500'000});
  REQUIRE(counters.size() == 2);
  CHECK(counters[0].counter == "rank 0/power");
  CHECK(counters[0].mean_w == 1000);
  CHECK(counters[0].joules == Approx(1e-3));
  const auto names = name_energy(ranks.contents(), {500'000, 1'500'000});
  REQUIRE(names.size() == 1);  // gemm: half of rank 0's and two thirds of rank 1's
  CHECK(names[0].count == 2);
  CHECK(names[0].joules == Approx(1e-3 * (0.5 + 2.0 / 3)));
  CHECK(names[0].seconds == Approx(1.5e-6));
}

TEST_CASE("the roofline adds up the kernels of a name under the chip's roofs") {
  const Ranks ranks;
  const Roofline all = roofline(ranks.contents(), ranks.document.whole(), {});
  CHECK(all.bytes_per_s == 1e12);
  REQUIRE(all.roofs.size() == 1);
  CHECK(all.roofs[0].name == "bfloat16");
  CHECK(all.roofs[0].operations_per_s == 1e14);
  REQUIRE(all.points.size() == 2);
  CHECK(all.points[0].intensity() == Approx(1000));  // gemm
  CHECK(all.points[0].per_second() == Approx(2e8 / 2.5e-6));
  CHECK(all.points[0].bound_by == "tensor");
  CHECK(all.points[1].count == 2);
  std::vector<bool> norm(ranks.contents().summary.strings.size());
  norm[all.points[1].name] = true;
  CHECK(roofline(ranks.contents(), ranks.document.whole(), norm).points.size() == 1);
}

TEST_CASE("ranks are compared by operator and by the load of their experts") {
  const Ranks ranks;
  const RankMatrix times = rank_times(ranks.contents(), ranks.document.whole());
  CHECK(times.ranks == std::vector<std::string>{"rank 0", "rank 1"});
  CHECK(times.columns == std::vector<std::string>{"gemm", "norm", "dispatch"});
  CHECK(times.values[1][0] == Approx(1.5e-6));
  CHECK(times.imbalance(0) == Approx(1.5 / 1.25));
  CHECK(times.imbalance(1) == Approx(1));
  const RankMatrix experts = expert_loads(ranks.contents(), ranks.document.whole());
  REQUIRE(experts.columns.size() == 2);
  CHECK(experts.values[0] == std::vector<double>{10, 30});
  CHECK(experts.imbalance(1) == Approx(30.0 / 25));
}

TEST_CASE("a comparison adds up operators and pairs their slices") {
  const Ranks a;
  const Ranks b(2);
  const Comparison compared = compare_traces(a.contents(), b.contents(), CompareBy::kName);
  REQUIRE(compared.operators.size() == 3);
  CHECK(compared.operators[0].name == "gemm");
  CHECK(compared.operators[0].difference_ps() == 2'500'000);
  CHECK(compared.operators[1].difference_ps() == 0);
  REQUIRE(compared.matches.size() == 6);
  for (const MatchedSlices& pair : compared.matches) {
    CHECK(pair.a == pair.b);  // the same trace, stretched
  }
  const auto drifts = drift(compared, a.contents(), b.contents(), 0);
  CHECK(drifts.front().later_ps == 0);
  CHECK(drifts.back().later_ps == 1'500'000);  // rank 1's norm
  CHECK(drift(compared, a.contents(), b.contents(), 1'500'000).back().later_ps == 0);
}

TEST_CASE("operators that only one trace has are listed, and classes join names") {
  const Folder directory;
  test::write_two_streams(directory / "two.rtrace");
  Document two(directory / "two.rtrace");
  two.wait();
  const Ranks ranks;
  const Comparison names = compare_traces(ranks.contents(), two.contents(), CompareBy::kName);
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> counts;
  for (const ComparedOperator& op : names.operators) {
    counts[op.name] = {op.count_a, op.count_b};
  }
  CHECK(counts["gemm"] == std::pair<std::uint64_t, std::uint64_t>{2, 2});
  CHECK(counts["norm"] == std::pair<std::uint64_t, std::uint64_t>{2, 0});
  CHECK(compare_traces(two.contents(), ranks.contents(), CompareBy::kClass).operators.size() == 3);
}

TEST_CASE("a histogram's bins are equally wide in the logarithm") {
  CHECK(histogram({1, 10, 100, 999}, 1, 1000, 3) == std::vector<std::size_t>{1, 1, 2});
  CHECK(histogram({5, 5}, 5, 5, 2) == std::vector<std::size_t>{2, 0});
  CHECK(histogram({}, 1, 10, 2) == std::vector<std::size_t>{0, 0});
}

TEST_CASE("statistics as CSV are exact, and names with commas are quoted") {
  Contents contents;
  contents.summary.strings = {"", "f<1, \"2\">"};
  NameStatistics row;
  row.name = 1;
  row.count = 2;
  row.total_ps = 3'000'001;
  row.min_ps = 1;
  CHECK(statistics_csv(contents, {row}, GroupBy::kName) ==
        "name,track,count,total_us,average_us,min_us,max_us,p50_us,p95_us,p99_us\n"
        "\"f<1, \"\"2\"\">\",,2,3.000001,1.500000,0.000001,0.000000,0.000000,0.000000,0.000000\n");
}

TEST_CASE("marks and rows are kept beside the trace and found again by path") {
  const Ranks ranks;
  const trace::Summary& summary = ranks.contents().summary;
  SavedView view;
  view.marks = {{5, "here", true}, {7, "", false}};
  view.arrangement.pinned = {{3, 0}, {0, 1}};
  view.arrangement.hidden = {{5, 0}};
  view.arrangement.collapsed = {4};
  view.arrangement.order[1] = {3, 2};
  save_view(view, summary, ranks.document.path());
  std::string warning;
  const auto found = load_view(summary, ranks.document.path(), warning);
  REQUIRE(found);
  CHECK(warning.empty());
  CHECK(found->marks == Marks{{5, "here", true}});
  CHECK(found->arrangement.pinned == view.arrangement.pinned);
  CHECK(found->arrangement.hidden == view.arrangement.hidden);
  CHECK(found->arrangement.collapsed == view.arrangement.collapsed);
  CHECK(found->arrangement.order == view.arrangement.order);
}

TEST_CASE("a saved view that is none is not used, and says so") {
  const Ranks ranks;
  std::string warning;
  CHECK_FALSE(load_view(ranks.contents().summary, ranks.document.path(), warning));
  CHECK(warning.empty());
  for (const char* bytes : {"{", "[]", R"({"marks":[{"time_ps":"x"}]})"}) {
    ranks.directory.write("ranks.rtrace.view.json", bytes);
    CHECK_FALSE(load_view(ranks.contents().summary, ranks.document.path(), warning));
    CHECK(warning.find("ranks.rtrace.view.json: not a saved view") != std::string::npos);
  }
}

}  // namespace
}  // namespace reticle::gui
