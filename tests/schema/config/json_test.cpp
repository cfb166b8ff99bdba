#include "schema/json.h"

#include <catch2/catch.hpp>
#include <limits>

#include "schema/chip.pb.h"
#include "schema/operator.pb.h"
#include "schema/result.pb.h"

using namespace reticle;

TEST_CASE("numbers are printed to 9 digits even where the nearest double needs 16") {
  Part part;
  for (const auto& [value, text] : {std::pair{538.5023641, "538.502364"},
                                    {1.0 / 3, "0.333333333"},
                                    {1e16, "1e+16"},
                                    {-0.0, "0.0"}}) {
    part.set_value(value);
    CHECK(to_json(part, -1).find(std::string("\"value\":") + text + ",") != std::string::npos);
  }
}

TEST_CASE("keys come in schema order, absent values as null") {
  Part part;
  part.set_name("mla");
  part.set_value(1.0 / 3);
  part.set_unit("ms");
  part.set_published(2);
  CHECK(
      to_json(part, -1) ==
      R"({"name":"mla","value":0.333333333,"unit":"ms","published":2.0,"error_percent":null,"source":null})");
}

TEST_CASE("a keyed list is an object, a lone value stands for itself") {
  EnergyBasis basis;
  basis.set_j_per_token(0.5);
  for (const char* name : {"hbm", "compute"}) {
    NamedValue& value = *basis.add_by_component();
    value.set_name(name);
    value.set_value(0.25);
  }
  CHECK(
      to_json(basis, -1) ==
      R"({"j_per_token":0.5,"avg_power_w":0.0,"over_power_cap":false,"by_component":{"hbm":0.25,"compute":0.25}})");
  Energy energy;
  MatrixEnergy& matrix = *energy.add_matrix();
  matrix.set_dtype(DTYPE_FP8_BLOCK);
  matrix.set_op(2e-13);
  CHECK(
      to_json(energy, -1) ==
      R"({"matrix":{"fp8_block":{"op":2e-13}},"vector_op":0.0,"local_byte":0.0,"l2_byte":0.0,"hbm_byte":0.0})");
}

TEST_CASE("an absent message is null") {
  CostResult cost;
  cost.mutable_build()->mutable_usd_per_million_tokens()->set_p50(0.125);
  CHECK(
      to_json(cost, -1) ==
      R"({"build":{"usd_per_million_tokens":{"p5":0.0,"p50":0.125,"p95":0.0},"breakdown":{},"usd_per_chip_hour":null,"tornado":{}},"price":null,"rental":null})");
}

TEST_CASE("of a oneof only the member that is set is written") {
  Operator op;
  op.mutable_copy()->set_bytes(int64_t{1} << 60);
  CHECK(to_json(op, -1) == R"({"copy":{"bytes":1152921504606846976}})");
}

TEST_CASE("numbers have nine significant digits, and only finite ones are numbers") {
  NamedValue value;
  const auto text = [&](double number) {
    value.set_value(number);
    return to_json(value, -1);
  };
  CHECK(text(123456789.4) == R"({"name":"","value":123456789.0})");
  CHECK(text(1234567894.0) == R"({"name":"","value":1.23456789e+09})");
  CHECK(text(0.1 + 0.2) == R"({"name":"","value":0.3})");
  CHECK(text(-0.0) == R"({"name":"","value":0.0})");
  CHECK(text(std::numeric_limits<double>::infinity()) == R"({"name":"","value":null})");
  CHECK(text(std::numeric_limits<double>::quiet_NaN()) == R"({"name":"","value":null})");
}

TEST_CASE("text is escaped, and bytes that are no UTF-8 are replaced") {
  NamedValue value;
  value.set_name("a\"\n\xff");
  CHECK(to_json(value, -1) == "{\"name\":\"a\\\"\\n\xEF\xBF\xBD\",\"value\":0.0}");
}
