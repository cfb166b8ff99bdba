#include "gui/model/query.h"

#include <catch2/catch.hpp>

#include "gui/model/document.h"
#include "gui/model/search.h"
#include "tests/gui/model/sample_traces.h"

namespace reticle::gui {
namespace {

std::vector<std::string> found(const Document& document, const std::string& query) {
  std::vector<std::string> out;
  const Search search(document.contents(), Query(query));
  for (const SliceKey& key : search.hits()) {
    out.push_back(track_path(document.summary(), document.lanes().track(key.lane)) + ":" +
                  document.contents().name(key));
  }
  return out;
}

struct Ranks {
  Ranks() : document(write()) { document.wait(); }
  std::filesystem::path write() const {
    test::write_two_ranks(directory / "ranks.rtrace");
    return directory / "ranks.rtrace";
  }
  test::Folder directory;
  Document document;
};

TEST_CASE("a plain query is a part of a name, also one with spaces and signs") {
  CHECK(Query("Tile Load").matches_name("the tile load"));
  CHECK_FALSE(Query("tile load").matches_name("tile  load"));
  CHECK(Query("op<4>").comparisons().size() == 1);
  CHECK(Query("").empty());
  CHECK(Query("  ").empty());
}

TEST_CASE("between slashes is a regular expression of names") {
  CHECK(Query("/^gemm_[0-9]+$/").matches_name("GEMM_128"));
  CHECK_FALSE(Query("/^gemm_[0-9]+$/").matches_name("a gemm_128"));
  CHECK(Query("/a&b/").matches_name("xa&by"));
  CHECK(Query("/[/").error() == "not a regular expression: [");
  CHECK_FALSE(Query("/[/").matches_name("["));
  CHECK(Query("/" + std::string(201, 'a') + "/").error() ==
        "the expression is longer than 200 characters");
}

TEST_CASE("a long name does not break a regular expression") {
  const std::string name(1'000'000, 'a');
  CHECK_FALSE(Query("/(a|b)*c/").matches_name(name));
  CHECK(Query("/^a+/").matches_name(name));
}

TEST_CASE("arguments, durations, starts and tracks are compared") {
  const Ranks ranks;
  using Names = std::vector<std::string>;
  const Names norms{"rank 0/compute:norm", "rank 1/compute:norm"};
  CHECK(found(ranks.document, "hbm_bytes>100000") == norms);
  CHECK(found(ranks.document, "hbm_bytes > 100k") == norms);
  CHECK(found(ranks.document, "hbm_bytes>=100k").size() == 4);
  CHECK(found(ranks.document, "bound_by=HBM") == norms);
  CHECK(found(ranks.document, "bound_by!=hbm").size() == 4);
  CHECK(found(ranks.document, "dur>1us") == Names{"rank 1/compute:gemm"});
  CHECK(found(ranks.document, "dur<=100ns") == Names{"rank 1/comm:dispatch"});
  CHECK(found(ranks.document, "start>=2us") == Names{"rank 1/compute:norm"});
  CHECK(found(ranks.document, "track=rank 1 & gemm") == Names{"rank 1/compute:gemm"});
  CHECK(found(ranks.document, "track!=rank 1 & gemm") == Names{"rank 0/compute:gemm"});
  CHECK(found(ranks.document, "depth>0").empty());
  CHECK(found(ranks.document, "/^(norm|gemm)$/ & energy_j<0.0005") == norms);
  CHECK(found(ranks.document, "nothing=1").empty());
  CHECK(found(ranks.document, "hbm_bytes=many").empty());
}

}  // namespace
}  // namespace reticle::gui
