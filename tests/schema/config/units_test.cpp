#include "schema/config/units.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace reticle::config;

namespace {

std::string refusal(const std::string& text, const std::string& unit) {
  try {
    parse_quantity(text, unit);
  } catch (const ValueError& error) {
    return std::string(error.what()) + (error.hint().empty() ? "" : " (" + error.hint() + ")");
  }
  return "";
}

struct Example {
  const char* text;
  const char* unit;
  double value;
};

}  // namespace

TEST_CASE("quantities are read into the stored unit") {
  const auto example = GENERATE(values<Example>({
      {"5.24 Gb/s", "b/s", 5.24e9},
      {"5.24 Gbit/s", "b/s", 5.24e9},
      {"50 MiB", "B", 52428800},
      {"1.5 KiB", "B", 1536},
      {"64 GB", "B", 64e9},
      {"80 GiB", "B", 85899345920},
      {"3.35 TB/s", "B/s", 3.35e12},
      {"400 Gb/s", "B/s", 5e10},
      {"1.83 GHz", "Hz", 1.83e9},
      {"700 W", "W", 700},
      {"885 mV", "V", 0.885},
      {"-5 degC", "degC", -5},
      {"25 K", "K", 25},
      {"0.06 K/W", "K/W", 0.06},
      {"665.6 mm2", "m2", 665.6e-6},
      {"0.1 /cm2", "/m2", 1000},
      {"0.001 /mm2", "/m2", 1000},
      {"14 ns", "s", 14e-9},
      {"1.3 pJ/bit", "J/bit", 1.3e-12},
      {"1.3 pJ/bit", "J/B", 10.4e-12},
      {"0.45 pJ/op", "J/op", 0.45e-12},
      {"0.45 pJ/FLOP", "J/op", 0.45e-12},
      {"105 pJ/B", "J/B", 105e-12},
      {"0.056 USD/kWh", "USD/kWh", 0.056},
      {"56 USD/MWh", "USD/kWh", 0.056},
      {"200 USD/kW-month", "USD/kW-month", 200},
      {"2 USD/h", "USD/h", 2},
      {"8.2 MUSD", "USD", 8.2e6},
      {"5 year", "year", 5},
      {"110 B/clk", "B/clk", 110},
      {"6 clk", "clk", 6},
      {"16 op/clk", "op/clk", 16},
      {"21.32 mm", "m", 0.02132},
      {"3 cm", "m", 0.03},
      {"-3 mm", "m", -0.003},
      {"+7W", "W", 7},
      {"1e3 W", "W", 1000},
      {"1E+3 W", "W", 1000},
      {".5 W", "W", 0.5},
      {"0.25", "", 0.25},
  }));
  CAPTURE(example.text);
  CHECK(parse_quantity(example.text, example.unit) == example.value);
}

TEST_CASE("equal quantities have equal bits") {
  CHECK(parse_quantity("2.039 TB/s", "B/s") == 2.039e12);
  CHECK(parse_quantity("2039 GB/s", "B/s") == 2.039e12);
  CHECK(parse_quantity("2.039e12 B/s", "B/s") == 2.039e12);
  // Multiplied in binary, 14 * 1e-9 would be another double.
  CHECK(parse_quantity("14 ns", "s") == 14e-9);
  CHECK(14 * 1e-9 != 14e-9);
  CHECK(parse_quantity("14000 ps", "s") == parse_quantity("14 ns", "s"));
  CHECK(parse_quantity("0.45 pJ/bit", "J/B") == parse_quantity("3.6 pJ/B", "J/B"));
}

TEST_CASE("minus zero is zero") {
  CHECK_FALSE(std::signbit(parse_quantity("-0 W", "W")));
  CHECK_FALSE(std::signbit(parse_quantity("-0.0", "")));
}

TEST_CASE("a bare number where a unit is due is refused, and a unit where none is") {
  CHECK(refusal("5", "Hz") == "`5` has no unit (units: Hz, kHz, MHz, GHz, THz)");
  CHECK(refusal("5 GHz", "") == "`5 GHz` is not a plain number (no unit is due here)");
}

TEST_CASE("the wrong kind of unit is refused with those that fit") {
  CHECK(refusal("5 W", "Hz") == "`5 W`: unit `W` does not fit (units: Hz, kHz, MHz, GHz, THz)");
  CHECK(refusal("5 GB/s", "b/s") ==
        "`5 GB/s`: unit `GB/s` does not fit (units: b/s, kb/s, Mb/s, Gb/s, Tb/s, bit/s, kbit/s, "
        "Mbit/s, Gbit/s, Tbit/s)");
  CHECK(refusal("5 mB", "B") != "");  // no millibytes
  CHECK(refusal("5 gHz", "Hz") != "");
  CHECK(refusal("105 pJ/B", "J/bit") != "");
  CHECK(refusal("5 MW", "J") != "");
}

TEST_CASE("what is no number is refused") {
  for (const char* text :
       {"nan", "nan W", "inf", "-inf W", "", "W", "-", ".", "e5", "- 5 W", "--5 W"}) {
    CAPTURE(text);
    CHECK(refusal(text, "W") == "`" + std::string(text) + "` is not a number");
  }
  for (const char* text : {"0x10 W", "1,5 W", "5 W x", "5 W W", "1.5.2 W", "5\tW"}) {
    CAPTURE(text);
    CHECK(refusal(text, "W").find("` does not fit (units: W, kW, MW,") != std::string::npos);
  }
}

TEST_CASE("what a double cannot hold is refused") {
  CHECK(refusal("1e308 kW", "W") == "`1e308 kW` is outside what a number can hold");
  CHECK(refusal("1e308 MiB", "B") == "`1e308 MiB` is outside what a number can hold");
  CHECK(refusal("1e99999999999 W", "W") == "`1e99999999999 W` is not a number");
  CHECK(parse_quantity("1e305 kW", "W") == 1e308);
}

TEST_CASE("whole numbers and truth values are strict") {
  CHECK(parse_integer("-42") == -42);
  CHECK(parse_integer("9223372036854775807") == INT64_MAX);
  CHECK_THROWS_AS(parse_integer("9223372036854775808"), ValueError);
  CHECK_THROWS_AS(parse_integer("4.0"), ValueError);
  CHECK_THROWS_AS(parse_integer("4 "), ValueError);
  CHECK_THROWS_AS(parse_integer("1e3"), ValueError);
  CHECK(parse_bool("true"));
  CHECK_FALSE(parse_bool("false"));
  CHECK_THROWS_AS(parse_bool("yes"), ValueError);
}
