#include "schema/config/suggest.h"

#include <catch2/catch.hpp>

using namespace reticle::config;

TEST_CASE("the nearest word is one slip away, or nothing") {
  const std::vector<std::string> words = {"data_rate", "capacity", "stacks"};
  CHECK(nearest("data_rat", words) == "data_rate");
  CHECK(nearest("datarate", words) == "data_rate");
  CHECK(nearest("dtaa_rate", words) == "data_rate");  // a swap
  CHECK(nearest("capacity", words) == "capacity");
  CHECK(nearest("sta", words).empty());
  CHECK(nearest("voltage", words).empty());
  CHECK(nearest("", words).empty());
}

TEST_CASE("two letters may differ in a word of six, not three") {
  CHECK(nearest("abcdxy", {"abcdef"}) == "abcdef");
  CHECK(nearest("abcxyz", {"abcdef"}).empty());
}

TEST_CASE("a tie goes to the first") { CHECK(nearest("mm", {"m", "n", "ms"}) == "m"); }

TEST_CASE("the hint lists the choices") {
  CHECK(suggestion("fp9", {"fp8", "int8"}, "values") == "did you mean `fp8`? values: fp8, int8");
  CHECK(suggestion("xyz", {"fp8", "int8"}, "values") == "values: fp8, int8");
  CHECK(suggestion("xyz", {}, "values").empty());
}
