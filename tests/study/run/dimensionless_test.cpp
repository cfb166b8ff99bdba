// Shares, efficiencies and yields between 0.2 and 1 are where a model would hide a fitted factor:
// each says where it comes from, and none comes from a throughput or layer time that the studies
// are held against (their rows of reference.csv).
#include <catch2/catch.hpp>
#include <iostream>

#include "schema/config/catalog.h"

using namespace reticle;

namespace {

constexpr double kLow = 0.2;
constexpr double kHigh = 1;

const std::vector<std::string>& published_by_studies() {
  static const std::vector<std::string> rows = {
      "S0083", "S0084", "S0091", "S0092", "S0102", "S0105",        "S0107",     "S0140", "S0142",
      "S0144", "S0145", "S0146", "S0147", "S0149", "S0151",        "S0152",     "L0055", "L0056",
      "1943",  "2325",  "5655",  "6688",  "7839",  "910c-vs-h800", "this study"};
  return rows;
}

struct Share {
  std::string path;
  config::Origin origin;
};

template <class Load>
void collect(std::vector<Share>& shares, const config::Catalog& catalog, const std::string& kind,
             const Load& load) {
  for (const std::string& name : catalog.names(kind)) {
    for (const auto& [path, origin] : load(name)) {
      if (origin.unit.empty() && origin.value > kLow && origin.value < kHigh) {
        shares.push_back({kind + "." + name + "." + path, origin});
      }
    }
  }
}

std::vector<Share> all_shares() {
  const config::Catalog catalog(RETICLE_SOURCE_DIR "/configs");
  std::vector<Share> shares;
  collect(shares, catalog, "chips",
          [&](const auto& name) { return catalog.chip(name).provenance; });
  collect(shares, catalog, "systems",
          [&](const auto& name) { return catalog.system(name).provenance; });
  collect(shares, catalog, "software",
          [&](const auto& name) { return catalog.software(name).provenance; });
  collect(shares, catalog, "processes",
          [&](const auto& name) { return catalog.process(name).provenance; });
  collect(shares, catalog, "sites",
          [&](const auto& name) { return catalog.site(name).provenance; });
  return shares;
}

std::vector<Share> study_shares() {
  const std::filesystem::path root = RETICLE_SOURCE_DIR "/configs";
  std::vector<Share> shares;
  for (const auto& file : std::filesystem::directory_iterator(root / "studies")) {
    config::Catalog catalog(root);
    for (const auto& [path, origin] : catalog.open_study(file.path()).provenance) {
      if (origin.unit.empty() && origin.value > kLow && origin.value < kHigh) {
        shares.push_back({file.path().stem().string() + "." + path, origin});
      }
    }
  }
  return shares;
}

}  // namespace

TEST_CASE("every share in the configs has a source, and no study's result is one") {
  const std::vector<Share> shares = all_shares();
  CHECK(shares.size() > 20);  // they are found at all
  for (const Share& share : shares) {
    INFO(share.path << " = " << share.origin.value << ": " << share.origin.source);
    CHECK(share.origin.source.size() > 3);
    for (const std::string& row : published_by_studies()) {
      CHECK(share.origin.source.find(row) == std::string::npos);
    }
  }
}

TEST_CASE("every share in a study has a source") {
  for (const Share& share : study_shares()) {
    INFO(share.path << " = " << share.origin.value);
    CHECK(share.origin.source.size() > 3);
  }
}

TEST_CASE("shares in the configs, listed", "[.list]") {
  for (const Share& share : all_shares()) {
    std::cout << share.path << " = " << share.origin.value << " (" << share.origin.grade
              << "): " << share.origin.source << '\n';
  }
}
