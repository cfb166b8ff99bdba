// Every row of validation/cost/reference.csv, computed by the function it is about.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "reference_quantities.h"
#include "schema/csv.h"

using namespace reticle;
using namespace reticle::economics::test;

namespace {

Inputs parse(const std::string& text) {
  Inputs inputs;
  std::istringstream in(text);
  for (std::string item; std::getline(in, item, ';');) {
    const size_t equals = item.find('=');
    inputs[item.substr(0, equals)] = std::stod(item.substr(equals + 1));
  }
  return inputs;
}

std::vector<CsvRow> rows_of(const std::string& file) {
  return read_csv(std::filesystem::path(RETICLE_SOURCE_DIR "/validation/cost/" + file));
}

Quantities quantities() {
  Quantities all = yield_quantities();
  all.merge(money_quantities());
  return all;
}

// "rel 1e-5", "abs 1", "above rel 0.01" (at least the expected value, at most 1 % more).
void check(const CsvRow& row, double value) {
  const double expected = std::stod(row[3]);
  std::string kind = row[5].substr(0, row[5].rfind(' '));
  const double size = std::stod(row[5].substr(row[5].rfind(' ') + 1));
  const double band = kind == "abs" ? size : size * std::abs(expected);
  INFO(row[0] << ": " << value << ", expected " << expected << " within " << row[5]);
  CHECK(value <= expected + band);
  CHECK(value >= (kind == "above rel" ? expected : expected - band));
}

}  // namespace

TEST_CASE("published and closed-form cost figures") {
  const auto rows = rows_of("reference.csv");
  const Quantities all = quantities();
  REQUIRE(rows.at(0) ==
          CsvRow{"id", "quantity", "inputs", "expected", "unit", "tolerance", "source", "grade"});
  std::map<std::string, int> seen;
  for (size_t i = 1; i < rows.size(); ++i) {
    INFO("row " << i << " " << rows[i][0] << " " << rows[i][1]);
    REQUIRE(all.count(rows[i][1]) == 1);
    check(rows[i], all.at(rows[i][1])(parse(rows[i][2])));
    ++seen[rows[i][1]];
  }
  CHECK(seen.size() == all.size());
}

TEST_CASE("what is not covered says why, and is not covered") {
  std::set<std::string> covered;
  for (const char* file : {"reference.csv", "reference_claims.csv"}) {
    for (const CsvRow& row : rows_of(file)) {
      covered.insert(row[0]);
    }
  }
  for (const CsvRow& row : rows_of("not_covered.csv")) {
    INFO(row[0]);
    CHECK(covered.insert(row[0]).second == (row[0] != "id"));
    CHECK(row.at(1).size() > 20 - (row[0] == "id" ? 20 : 0));
  }
}

TEST_CASE("every collected figure is covered or says why not") {
  const std::filesystem::path collected = "/work/shared/reference/cost_reference.csv";
  if (!std::filesystem::exists(collected)) {
    WARN("skipped: " << collected << " is not here");
    return;
  }
  std::vector<std::string>
      known;  // a figure of several numbers has a row for each: ID_part, ISH_S1
  for (const char* file : {"reference.csv", "reference_claims.csv", "not_covered.csv"}) {
    for (const CsvRow& row : rows_of(file)) {
      known.push_back(row[0]);
    }
  }
  for (const CsvRow& row : read_csv(collected)) {
    INFO(row[0]);
    CHECK(std::any_of(known.begin(), known.end(), [&](const std::string& one) {
      return one.compare(0, row[0].size(), row[0]) == 0;
    }));
  }
}
