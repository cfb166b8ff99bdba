#include "schema/csv.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "schema/errors.h"

using namespace reticle;
using Rows = std::vector<CsvRow>;

namespace {

Rows parse(const std::string& text) {
  std::istringstream in(text);
  return read_csv(in, "rows.csv");
}

}  // namespace

TEST_CASE("plain rows, LF and CRLF, with and without a last line end") {
  const Rows expected = {{"a", "b"}, {"1", ""}, {"", "2"}};
  CHECK(parse("a,b\n1,\n,2\n") == expected);
  CHECK(parse("a,b\r\n1,\r\n,2") == expected);
  CHECK(parse("\xEF\xBB\xBF"
              "a,b\n\n1,\n\r\n,2\n\n") == expected);
  CHECK(parse("").empty());
}

TEST_CASE("quoted fields hold commas, quotes and line breaks") {
  CHECK(parse("a,b\n\"x, y\",\"say \"\"hi\"\"\"\n\"\",\"two\nlines\"\n") ==
        Rows{{"a", "b"}, {"x, y", "say \"hi\""}, {"", "two\nlines"}});
}

TEST_CASE("errors name the line, also after a line break inside quotes") {
  CHECK_THROWS_WITH(parse("a,b\n\"1\n1\",2\n3\n"), "rows.csv:4: 1 fields where the header has 2");
  CHECK_THROWS_WITH(parse("a,b\n1,\"2\n\n"), "rows.csv:2: a quoted field is not closed");
  CHECK_THROWS_WITH(
      parse("a,b\n1,\"2\"3\n"),
      "rows.csv:2: text after a closing quote (write \"\" for a quote inside a quoted field)");
  CHECK_THROWS_WITH(parse("a,b\n1,2\"\n"), "rows.csv:2: a quote inside a field that is not quoted");
  CHECK_THROWS_AS(parse("a\n1,2\n"), InputError);
}

TEST_CASE("a missing file and a directory are usage errors") {
  CHECK_THROWS_AS(read_csv(std::filesystem::path("/no/such.csv")), UsageError);
  CHECK_THROWS_AS(read_csv(std::filesystem::path("/")), UsageError);
}

TEST_CASE("a written line reads back as the same fields") {
  const CsvRow fields = {"plain", "a,b", "say \"hi\"", "two\r\nlines", "", " space "};
  CHECK(parse(csv_line(fields)) == Rows{fields});
  CHECK(parse(csv_line({""})) == Rows{{""}});
  CHECK(csv_line({"a", "b"}) == "a,b\n");
}
