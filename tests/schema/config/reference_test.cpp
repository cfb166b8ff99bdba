#include "schema/config/reference.h"

#include <catch2/catch.hpp>

#include "schema/process.pb.h"

using namespace reticle::config;

TEST_CASE("the reference of a message says all of each key") {
  const std::string table = reference_table(*reticle::Process::descriptor());
  CHECK(table.find("| key | type | unit | range | default | meaning |\n") == 0);
  CHECK(table.find(
            "| `wafer_diameter` | quantity | m | 0.05 to 0.5 m | required | Wafer diameter. |\n") !=
        std::string::npos);
  CHECK(
      table.find("| `wafer_test_cost` | quantity | USD | at least 0 USD | `0 USD` | Wafer probe, a "
                 "wafer. |\n") != std::string::npos);
  CHECK(table.find("| `name` | text |  |  | optional | Name; the file's stem. |\n") !=
        std::string::npos);
}

TEST_CASE("the reference covers every kind of file, lists and units") {
  const std::string all = config_reference();
  for (const char* part :
       {"## chip (configs/chips/NAME.yaml)", "## system (", "## process (", "## software (",
        "## study (",
        "| `energy.matrix.<dtype>.op` | quantity | J/op | at least 0 J/op | required |",
        "| `hbm.data_rate` |", "| `scenarios.<name>.uncertain", "| Hz | Hz kHz MHz GHz THz |"}) {
    CAPTURE(part);
    const bool expected = std::string(part).find("uncertain") == std::string::npos;
    CHECK((all.find(part) != std::string::npos) == expected);
  }
  CHECK(all.find("| `uncertainty` | map |  |  | its defaults |") != std::string::npos);
}
