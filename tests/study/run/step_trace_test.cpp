#include "study/run/step_trace.h"

#include <catch2/catch.hpp>
#include <map>

#include "models/kernels/store.h"
#include "sim/trace/reader.h"
#include "study/kernel/kernel_study.h"
#include "study/run/bottlenecks.h"
#include "tests/support/folder.h"

using namespace reticle;
using namespace reticle::study;

namespace {

using Times = std::map<std::string, engine::Ps>;

// Of all slices of a trace, by their argument `bound_by`.
Times times_by_bound(const std::filesystem::path& path) {
  trace::Reader reader(path);
  const trace::Summary& summary = reader.summary();
  Times times;
  reader.each_slices([&](const trace::SliceBlock& block) {
    for (const trace::ArgColumn& column : block.args) {
      if (summary.text(column.key) != "bound_by") {
        continue;
      }
      const auto& bounds = std::get<std::vector<trace::StringId>>(column.values);
      for (std::size_t i = 0; i < bounds.size(); ++i) {
        times[summary.text(bounds[i])] += block.duration_ps.at(column.rows[i]);
      }
    }
  });
  return times;
}

}  // namespace

TEST_CASE("a slice of a step's trace is bound by what held it longest") {
  config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
  const config::Loaded<Study> study =
      catalog.open_study(RETICLE_SOURCE_DIR "/configs/studies/910c-vs-h800-decode.yaml");
  const ScenarioInputs inputs = load_scenario(catalog, study, study.message.scenarios(0));
  kernels::Store store({});
  Simulator simulator("chip", inputs.rank_chip.message, inputs.software.message, FIDELITY_FAST,
                      store);
  const Step step = simulate_step(inputs, simulator);
  Times expected;
  for (const chips::TaskSpan& span : step.spans) {
    expected[resource_name(longest_held(span.held_by))] += span.end - span.start;
  }
  const test::Folder folder;
  write_step_trace(folder / "t.rtrace", inputs, step);
  CHECK(times_by_bound(folder / "t.rtrace") == expected);
  CHECK(expected.size() > 2);
}
